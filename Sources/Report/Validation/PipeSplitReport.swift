import Kernels
import Validation

/// The division of the time of whole training steps among kernels on the tensor pipes alone, on the vector pipes alone
/// and on both.
enum PipeSplitReport {
    /// A table with the measured shapes, and the published shares below them; nil for tables that hold no whole step.
    static func text(of splits: [MeasuredSplit]) -> String? {
        guard !splits.isEmpty else { return nil }
        var columns: [(title: String, alignment: TextTable.Alignment)] = [("shape", .left), ("pass", .left)]
        for (_, title) in TotalsText.titles { columns += [(title, .right), ("predicted", .right), ("points", .right)] }
        var table = TextTable(columns: columns)
        for split in splits {
            table.append(
                [split.shape, split.pass.rawValue]
                    + TotalsText.titles.flatMap { pipes, _ in
                        let difference = split.difference(pipes)
                        return [
                            Quantity.percent(split.measured.percent(pipes)),
                            Quantity.percent(split.predicted.percent(pipes)),
                            (difference < 0 ? "" : "+") + Quantity.fixed(difference, digits: 1),
                        ]
                    })
        }
        table.appendRule()
        for (pass, split) in Validation.publishedSplits {
            table.append(
                ["H100, published", pass.rawValue]
                    + TotalsText.titles.flatMap { [Quantity.percent(split.time($0.pipes)), "", ""] })
        }
        return """

            Time on cold caches by the pipes that kernels use, in percent of the pass's. The last two rows are shares published
            for an H100, as this project's specification quotes them:


            """ + table.text
    }

    static func json(of splits: [MeasuredSplit]) -> JSONValue {
        .array(
            splits.map { split in
                .object([
                    ("shape", .text(split.shape)),
                    ("pass", .text(split.pass.rawValue)),
                    ("measured_pct", TotalsJSON.percents(of: split.measured)),
                    ("predicted_pct", TotalsJSON.percents(of: split.predicted)),
                    (
                        "difference_points",
                        .object(KernelPipes.allCases.map { ($0.rawValue, .number(split.difference($0))) })
                    ),
                ])
            })
    }

    /// The published shares in percent by pass. They are rounded and add up to less than 100.
    static var publishedJSON: JSONValue {
        .object(
            Validation.publishedSplits.map { pass, split in
                (pass.rawValue, .object(KernelPipes.allCases.map { ($0.rawValue, .number(split.time($0))) }))
            })
    }
}
