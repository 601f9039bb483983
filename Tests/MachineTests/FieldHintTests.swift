import Machine
import Suggestions
import Testing

@Suite("Hints about fields and units")
struct FieldHintTests {
    private func message(_ option: String, machine: String = "h200") -> String {
        do { return "no error: \(try AnyMachine(named: machine, options: [option]))" } catch { return "\(error)" }
    }

    @Test(
        "A field that is misspelt or called by another word is answered with what it means",
        arguments: [
            ("l2.bandwidth", ["l2.sliceBandwidth", "l2.fabricBandwidth"]),
            ("l2.bw", ["l2.sliceBandwidth", "l2.fabricBandwidth"]),
            ("l2.latency", ["l2.nearLatency", "l2.farLatency"]), ("l1.latency", ["l1.hitLatency"]),
            ("latency", ["l1.hitLatency", "l2.nearLatency", "l2.farLatency", "hbm.nearLatency", "hbm.farLatency"]),
            ("hbm.latency", ["hbm.nearLatency", "hbm.farLatency"]), ("dram.bandwidth", ["hbm.bandwidth"]),
            ("memory_bandwidth", ["hbm.bandwidth"]), ("hbm3.bw", ["hbm.bandwidth"]), ("l2.size", ["l2.capacity"]),
            ("l2.sz", []), ("l2.associativity", ["l2.ways"]), ("l1.assoc", ["l1.ways"]), ("l2.linesize", ["l2.line"]),
            ("l2.line_size", ["l2.line"]), ("l2.cacheLineBytes", ["l2.line"]), ("sms", ["gpu.smCount"]),
            ("num_sms", ["gpu.smCount"]),
            ("gpu.sm-count", ["gpu.smCount"]), ("multiprocessors", ["gpu.smCount"]), ("frequency", ["gpu.clock"]),
            ("l1.size", ["sm.unifiedCapacity", "sm.carveOuts"]), ("smem", ["sm.sharedPerBlock"]),
            ("sm.sharedmemory", ["sm.sharedPerBlock"]), ("sm.regs", ["sm.registers", "sm.registerGranularity"]),
            ("l2.eviction", ["l2.replacement"]), ("l2.policy", ["l2.replacement", "l2.writePolicy"]),
            ("L2.Capacity", ["l2.capacity"]),
            ("l2.capacty", ["l2.capacity"]), ("l2.capactiy", ["l2.capacity"]), ("hbm.bandwith", ["hbm.bandwidth"]),
            ("launch.overhed", ["launch.overhead"]), ("zebra", []), ("l9.flux", []), ("", []), ("x", []),
        ])
    func fields(word: String, meant: [String]) {
        #expect(Suggestion(for: word, among: MachineField.all.map(\.name), meanings: .fields).names == meant)
        let message = message("\(word)=1")
        #expect(message.contains("no field is called '\(word)'"))
        #expect(
            message.hasSuffix(
                meant.isEmpty
                    ? "weir machines with the machine's name lists its fields"
                    : "nearest \(meant.count == 1 ? "is" : "are") " + meant.map { "'\($0)'" }.joined(separator: ", ")))
    }

    @Test(
        "Plain caches have words of their own",
        arguments: [
            ("d1.size", ["d1.capacity"]), ("l1d.size", ["d1.capacity", "i1.capacity"]), ("llc.size", ["ll.capacity"]),
            ("l3.capacity", ["ll.capacity"]), ("d1.assoc", ["d1.ways"]), ("il1.line", ["i1.line"]),
            ("l2.ways", ["ll.ways"]),
        ])
    func plainFields(word: String, meant: [String]) {
        let message = message("\(word)=1", machine: "one-core")
        for name in meant { #expect(message.contains("'\(name)'"), "\(message)") }
    }

    @Test(
        "A bare number is answered with the unit in which the field's value is likely",
        arguments: [
            ("l2.capacity=50", "the unit is missing; write 50MiB, or 50B for so few bytes"),
            ("l2.capacity=61440", "the unit is missing; write 61440KiB, or 61440B for so few bytes"),
            ("sm.sharedPerBlock=227", "the unit is missing; write 227KiB, or 227B for so few bytes"),
            (
                "hbm.bandwidth=4.8",
                "the unit is missing (TB/s, GB/s, MB/s, KB/s, B/s, TiB/s, GiB/s, MiB/s); write 4.8TB/s"
            ),
            (
                "hbm.bandwidth=3350",
                "the unit is missing (TB/s, GB/s, MB/s, KB/s, B/s, TiB/s, GiB/s, MiB/s); write 3350GB/s"
            ),
            ("gpu.clock=1980", "the unit is missing (GHz, MHz, kHz, Hz); write 1980MHz"),
            ("launch.overhead=2", "the unit is missing (ns, us, µs, ms, s); write 2us"),
            ("launch.overhead=1700", "the unit is missing (ns, us, µs, ms, s); write 1700ns"),
            ("l2.sliceBandwidth=32", "the unit is missing (B/cycle, B/clk); write 32B/cycle"),
        ])
    func units(option: String, end: String) {
        #expect(message(option).hasSuffix(end), "\(message(option))")
    }

    @Test("Small numbers of bytes that a field can have need no unit")
    func bareBytes() throws {
        let machine = try MachineDescription(named: "h200", options: ["l2.fetch=32", "l2.homeChunk=8192"])
        #expect(machine.l2.fetchBytes == 32 && machine.l2.homeChunkBytes == 8192)
        #expect(message("d1.capacity=32", machine: "one-core").hasSuffix("write 32KiB, or 32B for so few bytes"))
        guard case .plain(let tiny) = try AnyMachine(named: "one-core", options: ["d1.capacity=64B", "d1.ways=1"])
        else {
            Issue.record("no plain machine")
            return
        }
        #expect(tiny.settings.d1.capacityBytes == 64)
    }

    @Test(
        "A machine is named by what people call it",
        arguments: [("hopper", "h200"), ("h100", "h100-sxm"), ("cachegrind", "one-core")])
    func machines(word: String, first: String) {
        let text = "\(#expect(throws: MachineError.self) { try AnyMachine(named: word) }.map { "\($0)" } ?? "")"
        #expect(text.contains("known are '\(first)'"))
    }

    @Test("Every name is its own best suggestion, in any case and with other separators, and with two letters swapped")
    func laws() {
        let names = MachineField.all.map(\.name)
        for name in stride(from: 0, to: names.count, by: 7).map({ names[$0] }) {
            #expect(Suggestion(for: name, among: names, meanings: .fields).names == [name])
            #expect(Suggestion(for: name.uppercased(), among: names, meanings: .fields).names.first == name)
            let spaced = name.replacing(".", with: "_")
            #expect(Suggestion(for: spaced, among: names, meanings: .fields).names == [name])
            var letters = Array(name)
            guard letters.count > 8, letters[letters.count - 2] != letters[letters.count - 3] else { continue }
            letters.swapAt(letters.count - 2, letters.count - 3)
            #expect(
                Suggestion(for: String(letters), among: names, meanings: .fields).names.contains(name),
                "\(String(letters))")
        }
    }
}
