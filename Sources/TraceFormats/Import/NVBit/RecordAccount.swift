/// What became of a recording's records. A record that begins a line stands for the line in the account. Others are
/// counted apart.
struct RecordAccount {
    private var lines = LineAccount()
    private var beyond = LineAccount()

    @inline(__always)
    mutating func add(_ opcode: Int, _ outcome: LineAccount.Outcome, isFirst: Bool, line: UInt64) {
        if isFirst { lines.add(opcode, outcome, line: line) } else { beyond.add(opcode, outcome, line: line) }
    }

    /// Moves a record that was counted as a request to another outcome.
    mutating func move(_ opcode: Int, to outcome: LineAccount.Outcome, isFirst: Bool) {
        if isFirst {
            lines.move(opcode, from: .request, to: outcome)
        } else {
            beyond.move(opcode, from: .request, to: outcome)
        }
    }

    func report(
        _ opcodes: [SASSOpcode], of file: String, doubts: inout ImportDoubts, to summary: inout ImportSummary
    ) {
        lines.report(opcodes, to: &summary)
        summary.count("records behind another on its line", beyond.total)
        doubts.add(lines, opcodes, of: file)
        doubts.add(beyond, opcodes, of: file)
    }
}
