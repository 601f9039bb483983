import Operators

/// A row for each operator of a list, and their sums.
package struct OperatorSummaryText: Renderer {
    package init() {}

    package func render(_ summary: OperatorSummary) -> String {
        var table = TextTable(columns: [
            ("operator", .left), ("category", .left), ("operators", .right), ("launches", .right), ("blocks", .right),
            ("read", .right), ("written", .right), ("estimated", .right),
        ])
        for row in summary.rows {
            table.append([row.name, row.category.rawValue] + cells { $0(row) })
        }
        table.appendRule()
        table.append(["all", ""] + cells { summary.total($0) })
        var text = "\(summary.name): a list of operators\n\n" + table.text
        if summary.total(\.estimated) > 0 {
            text +=
                "\nEstimated operators have no generator. A launch that reads their inputs and writes their outputs "
            text += "once stands for them.\n"
        }
        return text
    }

    private func cells(_ value: ((OperatorSummary.Row) -> Int) -> Int) -> [String] {
        [value(\.operators), value(\.launches), value(\.blocks)].map { Quantity.count(UInt64($0)) }
            + [value(\.readBytes), value(\.writtenBytes)].map { Quantity.bytes(Double($0)) }
            + [Quantity.count(UInt64(value(\.estimated)))]
    }
}
