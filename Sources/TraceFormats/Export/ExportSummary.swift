/// What an export has read and written, and what the format could not express.
package struct ExportSummary: Equatable, Sendable {
    package var launches = 0
    package var blocks = 0
    /// Number of lines of accesses. In Accel-Sim's format it is the number of instructions of all warps.
    package var lines: UInt64 = 0
    package var bytes: UInt64 = 0
    /// Instruction fetches that the format cannot express.
    package var fetches: UInt64 = 0
    /// Steps other than accesses that the format cannot express.
    package var otherSteps: UInt64 = 0

    package init() {}

    /// One line for people.
    package var line: String {
        var parts = ["\(launches) launches, \(blocks) blocks, \(lines) lines, \(bytes) bytes of text"]
        if fetches > 0 { parts.append("\(fetches) instruction fetches left out") }
        if otherSteps > 0 { parts.append("\(otherSteps) waits, barriers, compute steps and the like left out") }
        return parts.joined(separator: "; ")
    }
}
