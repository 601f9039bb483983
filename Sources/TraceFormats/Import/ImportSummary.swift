/// What an import has read and written, and an account of every line of its input: what it was taken as, or why it was
/// skipped.
package struct ImportSummary: Equatable, Sendable {
    /// A name and how often it was met.
    package struct Tally: Equatable, Sendable {
        package let what: String
        package fileprivate(set) var count: UInt64
    }

    /// Lines of all inputs, or records where inputs are binary. An importer takes or skips each of them.
    package var lines: UInt64 = 0
    /// What an input consists of: `lines`, or `records` where it is binary.
    package var unit = "lines"
    /// Plain bytes of all inputs.
    package var textBytes: UInt64 = 0
    package var launches = 0
    package var blocks = 0
    /// Memory operations written: warp requests, or accesses of a CPU.
    package var accesses: UInt64 = 0
    /// Lines that became part of the trace, by opcode, label or kind, in the order of first appearance.
    package private(set) var taken: [Tally] = []
    /// Lines that did not become part of the trace, by reason and, where they have one, by opcode.
    package private(set) var skipped: [Tally] = []
    /// Everything else that was counted. These are not lines, but traffic within them that is not sent to memory.
    package private(set) var counted: [Tally] = []
    /// What a user should know before trusting the trace, each with file and line.
    package private(set) var warnings: [String] = []
    /// Whether a warning is an error.
    package var isStrict = false

    package init() {}

    /// Accounts for `number` lines that became part of the trace.
    package mutating func take(_ what: String, _ number: UInt64 = 1) { Self.add(what, number, to: &taken) }

    /// Accounts for `number` lines that did not become part of the trace.
    package mutating func skip(_ why: String, _ number: UInt64 = 1) { Self.add(why, number, to: &skipped) }

    /// Adds to what was only counted.
    package mutating func count(_ what: String, _ number: UInt64) { Self.add(what, number, to: &counted) }

    /// Notes a doubt about the input.
    /// - Throws: `TraceFormatError.doubtful` where the import is strict.
    package mutating func warn(_ place: FormatPlace, what: String, cure: String) throws(TraceFormatError) {
        let doubt = TraceFormatError.doubtful(place, what: what, cure: cure)
        guard !isStrict else { throw doubt }
        warnings.append("\(doubt)")
    }

    private static func add(_ what: String, _ number: UInt64, to tallies: inout [Tally]) {
        guard number > 0 else { return }
        if let place = tallies.firstIndex(where: { $0.what == what }) {
            tallies[place].count += number
        } else {
            tallies.append(Tally(what: what, count: number))
        }
    }

    /// Lines of which the account knows. Once the input is read, these are all of its lines.
    package var accountedLines: UInt64 { (taken + skipped).reduce(0) { $0 + $1.count } }

    /// One line for people.
    package var line: String {
        let main =
            "\(launches) launches, \(blocks) blocks, \(accesses) accesses from \(lines) \(unit), \(textBytes) bytes"
        let parts = [main, text(taken, as: "taken"), text(skipped, as: "skipped")].compactMap(\.self)
        return (parts + counted.map { "\($0.count) \($0.what)" }).joined(separator: "; ")
    }

    /// A text such as `12 lines skipped: 10 LDS (shared memory), 2 blank`.
    private func text(_ tallies: [Tally], as verb: String) -> String? {
        guard !tallies.isEmpty else { return nil }
        let sum = tallies.reduce(0) { $0 + $1.count }
        return "\(sum) \(unit) \(verb): " + tallies.map { "\($0.count) \($0.what)" }.joined(separator: ", ")
    }
}
