import Content
import Machine
import Studies
import Validation

/// The readers of measurements, and the texts of options that set and vary machines.
enum TableTargets {
    private static let machine: MachineDescription = {
        guard let machine = try? MachineDescription(named: "h200") else { fatalError("the preset is no machine") }
        return machine
    }()

    /// A measured table, from its text to launches and their first and last blocks.
    static func validate(_ bytes: [UInt8]) {
        Verdict.of {
            let table = try ReferenceTable(text: String(decoding: bytes, as: UTF8.self), name: Verdict.name)
            try Validation.check(table: table, machine: machine)
        }
    }

    /// A golden digest's plain text, compared with the generator that its header asks for.
    static func golden(_ bytes: [UInt8]) {
        Verdict.of {
            let report = try GoldenCheck.check(plain: bytes, file: Verdict.name, countedOperations: 2000)
            precondition(
                report.differences.count <= GoldenCheck.reportedDifferences, "more differences than are reported")
        }
    }

    /// A time line's plain text, and what is read from its blocks.
    static func lifetimes(_ bytes: [UInt8]) {
        Verdict.of {
            let file = "\(Verdict.name)/m130m_s256_c256.00.chunk_cumsum_fwd.csv.gz"
            let timeline = try MeasuredTimeline(plain: bytes, file: file)
            let statistics = BlockStatistics(timeline.blocks)
            for (name, value) in statistics.values { precondition(value?.isFinite ?? true, "\(name) is no number") }
            _ = try TimelineLaunch.resolve(timeline, table: nil, machine: machine)
        }
    }

    /// The first byte says whether the rest is the text of a `--set`, of a `--vary`, or of two `--vary` on two lines.
    static func settings(_ bytes: [UInt8]) {
        guard let kind = bytes.first else { return }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        // Ranges may have a million values, which takes a second with sanitizers.
        guard !text.contains(/: *[0-9]{5,7}($|[^0-9])/) else { return }
        // What users wrote stands in the error, but for names that errors cut.
        Verdict.of(naming: []) {
            guard kind & 3 != 0 else {
                _ = try AnyMachine(named: kind & 4 == 0 ? "h200" : "one-core", options: [text])
                return
            }
            let any = AnyMachine.gpu(machine)
            let texts =
                kind & 3 == 1 ? [text] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let axes = try texts.map { try SweepAxis($0, fields: AnyField.gpu, machine: any) }
            let plan = try SweepPlan(axes: axes)
            if plan.count > 0 { _ = plan.point(plan.count - 1).text }
        }
    }
}
