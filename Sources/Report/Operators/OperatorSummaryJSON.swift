import Operators

/// Every operator of a list with its numbers.
package struct OperatorSummaryJSON: Renderer {
    package init() {}

    package func render(_ summary: OperatorSummary) -> String {
        JSONValue.object([
            ("file", .text(summary.name)),
            ("operators", .array(summary.rows.map(row))),
        ]).text + "\n"
    }

    private func row(_ row: OperatorSummary.Row) -> JSONValue {
        .object([
            ("operator", .text(row.name)), ("category", .text(row.category.rawValue)),
            ("operators", .integer(row.operators)), ("launches", .integer(row.launches)),
            ("blocks", .integer(row.blocks)), ("read_bytes", .integer(row.readBytes)),
            ("written_bytes", .integer(row.writtenBytes)), ("estimated", .integer(row.estimated)),
        ])
    }
}
