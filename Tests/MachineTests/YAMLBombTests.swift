import Foundation
import Machine
import Testing

@Suite("Machine files that would grow without bound")
struct YAMLBombTests {
    /// The message, and the seconds that it took.
    private func refusal(_ yaml: String) -> (message: String, seconds: Double) {
        let clock = ContinuousClock()
        var message = ""
        let time = clock.measure {
            do { message = "no error: \(try MachineFile.anySettings(yaml: yaml, path: "m.yaml"))" } catch {
                message = "\(error)"
            }
        }
        return (message, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
    }

    /// Anchors a0 to a`levels`, each `form` of two of the one before.
    private func anchors(_ levels: Int, _ form: (String) -> String) -> String {
        var yaml = "preset: h200\na0: &a0 \(form("x"))\n"
        for level in 1...levels { yaml += "a\(level): &a\(level) \(form("*a\(level - 1)"))\n" }
        return yaml
    }

    private static let tooMany =
        "with what aliases stand for there are more than 100000 values; no machine needs as many"

    @Test("Anchors that name each other, used as keys, are refused at once")
    func keys() {
        let yaml = anchors(29) { "[\($0), \($0)]" } + "? *a29\n: 1\n? *a28\n: 2\n"
        let (message, seconds) = refusal(yaml)
        #expect(message.hasPrefix("m.yaml:") && message.hasSuffix(Self.tooMany))
        #expect(seconds < 2)
    }

    @Test("So are nested anchors of lists, mappings, and merged mappings, and keys within keys")
    func others() {
        let lists = refusal(anchors(40) { "[\($0), \($0), \($0)]" })
        let mappings = refusal(anchors(40) { "{p: \($0), q: \($0)}" })
        let nested = refusal(
            "preset: h200\na0: &a0 {x: 1}\n"
                + (1...40).map { "a\($0): &a\($0) {? *a\($0 - 1) : *a\($0 - 1)}\n" }.joined())
        let merged = refusal(
            "preset: h200\na0: &a0 {x: 1, y: 2}\n"
                + (1...40).map { "a\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1)], z\($0): *a\($0 - 1)}\n" }.joined())
        for (message, seconds) in [lists, mappings, nested, merged] {
            #expect(message.hasSuffix(Self.tooMany), "\(message)")
            #expect(seconds < 2)
        }
    }

    @Test("Depth is bounded, written out or by anchors")
    func depth() {
        let written = refusal(
            "preset: h200\nl2.ways: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900))
        #expect(
            written.message
                == "m.yaml:2:109: more than 100 lists or groups stand within each other; no machine needs as many")
        let chained = refusal(
            "preset: h200\na0: &a0 x\n" + (1...5000).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined())
        #expect(
            chained.message.hasPrefix("m.yaml:102:") && chained.message.contains("within each other"),
            "\(chained.message)")
        #expect(chained.seconds < 2)
    }

    @Test("A file of many anchors, aliases, comments or values is read or refused quickly")
    func long() {
        let many = refusal(
            "preset: h200\ngpcs.partitions: [" + (0..<40_000).map { "&b\($0) 1" }.joined(separator: ", ") + "]\n")
        let uses = refusal(
            "preset: h200\ngpcs.partitions: [&b 1, " + Array(repeating: "*b", count: 90_000).joined(separator: ", ")
                + "]\n")
        #expect(!many.message.contains("values;") && !uses.message.contains("values;"))
        let values = refusal(
            "preset: h200\ngpcs.partitions: [" + Array(repeating: "1", count: 150_000).joined(separator: ",") + "]\n")
        #expect(values.message.hasSuffix(Self.tooMany))
        let comments = refusal("preset: h200\n" + String(repeating: "# nothing\n", count: 50_000))
        #expect(comments.message.hasPrefix("no error"))
        for seconds in [many.seconds, uses.seconds, values.seconds, comments.seconds] { #expect(seconds < 10) }
    }

    @Test("Anchors for what is written twice are welcome")
    func welcome() throws {
        let yaml = "preset: one-core\ni1: &first\n  capacity: &size 16KiB\n  ways: 4\nd1: *first\nll.capacity: 1MiB\n"
        guard case .plain(let settings) = try MachineFile.anySettings(yaml: yaml, path: "m.yaml") else {
            Issue.record("no plain machine")
            return
        }
        #expect(settings.i1.capacityBytes == 16 << 10 && settings.d1.capacityBytes == 16 << 10 && settings.d1.ways == 4)
    }

    @Test("A message that quotes a long text is cut")
    func quotes() {
        let name = refusal("preset: h200\n? \(String(repeating: "a", count: 60_000))\n: 1\n").message
        let value = refusal("preset: h200\nl2.ways: \(String(repeating: "9", count: 60_000))\n").message
        #expect(name.hasPrefix("m.yaml:2:3: no field is called 'aaa") && name.count < 2100)
        #expect(value.hasPrefix("m.yaml:2:10: l2.ways cannot be '999") && value.count < 2100)
    }
}
