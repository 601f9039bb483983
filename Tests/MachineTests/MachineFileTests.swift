import Foundation
import Machine
import Testing

@Suite("Machine files")
struct MachineFileTests {
    private func message(_ yaml: String) -> String {
        do { return "no error: \(try MachineFile.settings(yaml: yaml, path: "m.yaml").gpu.name)" } catch {
            return "\(error)"
        }
    }

    @Test("A preset's overrides may be nested or dotted")
    func nestedAndDotted() throws {
        let settings = try MachineFile.settings(
            yaml:
                "preset: h100-sxm\nl2: {capacity: 25MiB, replacement: random}\nhbm.bandwidth: 3TB/s\ngpu:\n  name: test bed\n",
            path: "m.yaml")
        #expect(settings.preset == .h100SXM)
        #expect(settings.l2.capacityBytes == 25 << 20)
        #expect(settings.l2.replacement == .random)
        #expect(settings.hbm.bytesPerSecond == 3e12)
        #expect(settings.gpu.name == "test bed")
    }

    @Test("Values that contradict each other are named with file, line and column of the field")
    func contradictions() throws {
        let folder = NSTemporaryDirectory() + "weir-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/m.yaml"
        func message(_ yaml: String, _ options: [String] = []) throws -> String {
            try yaml.write(toFile: path, atomically: true, encoding: .utf8)
            do { return "no error: \(try AnyMachine(named: path, options: options).multiprocessors)" } catch {
                return error.description
            }
        }
        #expect(
            try message("preset: h200\nsm:\n  carveOuts: [8KiB, 0B]\n")
                == "\(path):3:3: sm.carveOuts: the steps do not ascend; sort them and drop repeated ones")
        #expect(
            try message("preset: h200\nl2.partitions: 2\nl2.capacity: 25001KiB\n").hasPrefix(
                "\(path):3:1: l2.capacity: "))
        #expect(
            try message("preset: one-core\nd1: {line: 48B}\n").hasPrefix("\(path):2:6: d1.line: 48B is no power of two")
        )
        // The file sets another field of the contradiction.
        #expect(try message("preset: h200\nl2: {ways: 7}\n").hasPrefix("\(path): l2.capacity: "))
        // An option mends the file, or is itself wrong.
        #expect(
            try message("preset: h200\nsm.carveOuts: [8KiB, 0B]\n", ["sm.carveOuts=[0B, 228KiB]"]) == "no error: 132")
        #expect(try message("preset: h200\n", ["l2.capacity=25001KiB"]).hasPrefix("l2.capacity: "))
    }

    @Test("What is printed reads back to the same machine", arguments: MachinePreset.allCases)
    func roundTrip(preset: MachinePreset) throws {
        for sources in [true, false] {
            let yaml = preset.settings.yaml(withSources: sources)
            #expect(try MachineFile.settings(yaml: yaml, path: "m.yaml") == preset.settings)
        }
    }

    @Test("An odd machine reads back as well")
    func oddRoundTrip() throws {
        var settings = try MachineOverrides(options: [
            "gpu.smCount=7", "gpcs.count=2", "hbm.bandwidth=1234567.891KB/s", "gpu.clock=1333333333.3Hz",
            "l2.dirtyShare=1/3",
            "launch.overhead=0.1ns", "sm.issueInterval=2.5600000000000001", "l2.capacity=4097KiB",
            "l2.writePolicy=write-through",
            "l2.partitions=1", "gpcs.dispatchOrder=[6, 5, 4, 3, 2, 1, 0]", "hbm.turnaround=0ns",
        ]).applied(to: MachineSettings.h200)
        settings.gpu.name = "a \"name\": with # and \\ and 'quotes'"
        #expect(try MachineFile.settings(yaml: settings.yaml(), path: "m.yaml") == settings)
        #expect(settings.yaml().contains("# set; the preset has 132"))
    }

    @Test("Printed text that --set accepts gives the same value", arguments: MachinePreset.allCases)
    func textOfEveryField(preset: MachinePreset) throws {
        for field in MachineField.all {
            let option = "\(field.name)=\(field.text(in: preset.settings))"
            let value = field.access.value(in: try MachineOverrides(options: [option]).applied(to: preset.settings))
            #expect(value == field.access.value(in: preset.settings), "\(option)")
        }
    }

    @Test("Values print in a unit that people use")
    func printedUnits() {
        let yaml = MachineSettings.h200.yaml(withSources: false)
        for line in [
            "  clock: 1.975GHz", "  capacity: 60MiB", "  bandwidth: 4.814TB/s", "  overhead: 1740ns",
            "  nearLatency: 255cycles",
            "  dirtyShare: 0.4375", "  line: 128B", "  homeChunk: 4KiB", "  fillBandwidth: 64B/cycle",
            "  carveOuts: [0B, 8KiB, 16KiB, 32KiB, 64KiB, 100KiB, 132KiB, 164KiB, 196KiB, 228KiB]",
        ] {
            #expect(yaml.contains(line + "\n"), "\(line)")
        }
    }

    @Test("Errors point at line and column")
    func places() {
        #expect(message("preset: h200\nl2:\n  capacity: 25Mb\n").hasPrefix("m.yaml:3:13: l2.capacity cannot be '25Mb'"))
        #expect(
            message("preset: h200\nl2:\n  capcity: 25MiB\n").hasPrefix(
                "m.yaml:3:3: no field is called 'l2.capcity'; nearest is 'l2.capacity'"))
        #expect(message("preset: h200\nl3:\n  size: 1\n").hasPrefix("m.yaml:2:1: no field is called 'l3'"))
        #expect(
            message("preset: h200\nl2: {ways: 8}\nl2.ways: 16\n")
                == "m.yaml:3:1: l2.ways was already set at m.yaml:2:6; keep one of the two")
        #expect(
            message("preset: h200\nl2.ways: 8\nl2.ways: 16\n")
                == "m.yaml:2:1: 'l2.ways' is written more than once in one group; keep one of them")
        #expect(
            message("preset: h300\n")
                == "m.yaml:1:9: no machine is called 'h300'; known are 'h200', 'h100-sxm', 'one-core', or give a machine file's path"
        )
        #expect(message("preset: h200\nl2.ways: [1\n").hasPrefix("m.yaml:3:1: "))
        #expect(
            message("preset: h200\nl2: 5\n")
                == "m.yaml:2:1: 'l2' is a group of fields, not a field; write its fields below it, indented, or delete it"
        )
        #expect(message("preset: h200\nl2.ways: {a: 1}\n").hasPrefix("m.yaml:2:10: l2.ways cannot be '{...}'"))
        #expect(message("preset: h200\n? [a]\n: 1\n").contains("a name must be a word"))
    }

    @Test("A file without preset, empty or of another shape says how to begin")
    func shapes() {
        #expect(
            message("l2.ways: 8\n")
                == "m.yaml:1:1: the file names no preset; begin with 'preset: h200' and add what differs")
        #expect(message("").contains("the file is empty"))
        #expect(message("- a\n").contains("no list of names with values"))
        #expect(message("\u{1}").hasPrefix("m.yaml:1:1: "))
        #expect(!message("preset: h200\nl2.ways: " + String(repeating: "[", count: 20_000)).contains("no error"))
    }

    @Test("Aliases cannot blow a short file up")
    func aliases() {
        var yaml = "preset: h200\ngpcs:\n  members:\n    - &a0 [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n"
        for level in 1...12 {
            yaml += "    - &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect(
            message(yaml).hasSuffix(
                "with what aliases stand for there are more than 100000 values; no machine needs as many"))
    }

    @Test("A machine is found by preset name in any case, or by path")
    func loading() throws {
        #expect(try MachineDescription(named: "H200") == MachineDescription(preset: .h200))
        let path = FileManager.default.temporaryDirectory.appending(path: "weir-machine-\(UUID().uuidString).yaml").path
        try "preset: h200\nl2.capacity: 48MiB\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let machine = try MachineDescription(named: path, options: ["l2.ways=8"])
        #expect(machine.l2.capacityBytes == 48 << 20 && machine.l2.ways == 8)
        #expect(
            throws: MachineError.unknownMachine(name: "h20", place: nil, nearest: ["h200", "h100-sxm", "one-core"])
        ) {
            try MachineDescription(named: "h20")
        }
        #expect(
            throws: MachineError.unreadable(path: "/nowhere/m.yaml", reason: "there is no such file; check the path")
        ) {
            try MachineDescription(named: "/nowhere/m.yaml")
        }
        #expect(throws: MachineError.self) { try MachineDescription(named: "/tmp/") }
    }
}
