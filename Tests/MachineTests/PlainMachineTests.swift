import Machine
import Testing

@Suite("Machines of plain caches")
struct PlainMachineTests {
    private func message(_ yaml: String) -> String {
        do {
            guard case .plain(let settings) = try MachineFile.anySettings(yaml: yaml, path: "m.yaml") else {
                return "a GPU"
            }
            return "no error: \(try PlainMachine(settings).settings.core.name)"
        } catch { return "\(error)" }
    }

    @Test("The preset is valid, prints as a file that reads back, and has a field for every stored setting")
    func preset() throws {
        for preset in PlainPreset.allCases {
            let settings = preset.settings
            #expect(try PlainMachine(settings).settings == settings)
            #expect(try MachineFile.anySettings(yaml: settings.yaml(), path: "m.yaml") == .plain(settings))
            for field in PlainSettings.fields {
                let option = "\(field.name)=\(field.text(in: settings))"
                #expect(
                    try AnyMachine(named: preset.rawValue, options: [option]) == .plain(PlainMachine(settings)),
                    "\(option)")
                #expect(!field.meaning.isEmpty && !field.source(for: preset).text.isEmpty, "\(field.name)")
            }
        }
        let stored = Mirror(reflecting: PlainPreset.oneCore.settings).children.filter { $0.label != "preset" }
            .reduce(0) { $0 + max(1, Mirror(reflecting: $1.value).children.count) }
        #expect(stored == PlainSettings.fields.count)
        #expect(SettingField<PlainSettings>.groups == ["core", "i1", "d1", "ll"])
    }

    @Test("A file names the preset anywhere and what differs, nested or dotted, and options come on top")
    func file() throws {
        let yaml = """
            core: {name: Old desktop, instructionCache: false, straddle: each, flushAtEnd: true}
            d1: {capacity: 48KiB, ways: 12, replacement: random, seed: 9, writePolicy: write-through, writesAreAccesses: true}
            ll.line: 128B
            preset: one-core
            """
        guard case .plain(let settings) = try MachineFile.anySettings(yaml: yaml, path: "m.yaml") else {
            Issue.record("this is no GPU")
            return
        }
        #expect(
            settings.core
                == CoreSettings(name: "Old desktop", straddle: .each, hasInstructionCache: false, flushesAtEnd: true))
        #expect(
            settings.d1
                == CacheGeometry(capacityBytes: 48 << 10, lineBytes: 64, ways: 12, replacement: .random, seed: 9))
        #expect(
            settings.d1Writes == CacheWrites(policy: .writeThrough, allocates: true) && settings.d1WritesAreAccesses)
        #expect(settings.ll.lineBytes == 128 && settings.ll.sets == 4096)
        guard
            case .plain(let machine) = try AnyMachine(
                named: "ONE-CORE", options: ["d1.capacity=64KiB", "ll.allocatesOnWrite=false"])
        else {
            Issue.record("this is no GPU")
            return
        }
        #expect(machine.settings.d1.capacityBytes == 64 << 10 && !machine.settings.llWrites.allocates)
    }

    @Test("Errors name the place, the nearest field of this kind of machine, and the cure")
    func errors() throws {
        #expect(
            message("preset: one-core\nd1.capcity: 1KiB\n").hasPrefix(
                "m.yaml:2:1: no field is called 'd1.capcity'; nearest is 'd1.capacity'"))
        #expect(
            message("preset: one-core\nl2.capacity: 1MiB\n")
                == "m.yaml:2:1: no field is called 'l2.capacity'; nearest is 'll.capacity'")
        #expect(
            message("preset: one-core\nd1: {ways: 7}\n")
                == "d1.capacity: 32KiB are no whole number of sets of 7 ways of 64B; use a multiple of 448B, or change d1.ways or d1.line"
        )
        #expect(
            message("preset: one-core\nll.line: 48B\n") == "ll.line: 48B is no power of two; use 32B, 64B or another")
        #expect(
            message("preset: one-core\nll: {capacity: 32GiB, line: 64B}\n").contains(
                "are 536870912 lines, and at most 134217728"))
        #expect(message("preset: one-core\nd1.replacement: lfu\n").contains("it is none of its names; write lru"))
        #expect(message("preset: one-core\nd1.ways: 0\n").contains("it must be 1 to 65536"))
        // An instruction cache that is not there cannot be wrong.
        #expect(message("preset: one-core\ni1.ways: 7\ncore.instructionCache: false\n") == "no error: One core")
        #expect(throws: MachineError.needsGPU(machine: "one-core", what: "this command")) {
            try MachineDescription(named: "one-core")
        }
    }
}
