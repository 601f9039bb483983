/// What an import has read and written, and what it has counted without sending it to memory.
package struct ImportSummary: Equatable, Sendable {
    /// Lines of all inputs.
    package var lines: UInt64 = 0
    /// Plain bytes of all inputs.
    package var textBytes: UInt64 = 0
    package var launches = 0
    package var blocks = 0
    /// Memory operations written: warp requests, or accesses of a CPU.
    package var accesses: UInt64 = 0
    /// What was counted and not sent to memory, by name, in the order of first appearance.
    package private(set) var counted: [(what: String, count: UInt64)] = []

    package init() {}

    /// Adds to what was only counted.
    package mutating func count(_ what: String, _ number: UInt64) {
        guard number > 0 else { return }
        if let place = counted.firstIndex(where: { $0.what == what }) {
            counted[place].count += number
        } else {
            counted.append((what, number))
        }
    }

    package static func == (left: ImportSummary, right: ImportSummary) -> Bool { left.line == right.line }

    /// One line for people.
    package var line: String {
        let main = "\(launches) launches, \(blocks) blocks, \(accesses) accesses from \(lines) lines, \(textBytes) bytes of text"
        return ([main] + counted.map { "\($0.count) \($0.what)" }).joined(separator: "; ")
    }
}
