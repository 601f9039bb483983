import Operators

/// A row for each operator of a list.
package struct OperatorSummaryCSV: Renderer {
    package init() {}

    package func render(_ summary: OperatorSummary) -> String {
        var table = CSVTable(columns: [
            "operator", "category", "operators", "launches", "blocks", "read_bytes", "written_bytes", "estimated",
        ])
        for row in summary.rows {
            table.append(
                [row.name, row.category.rawValue]
                    + [row.operators, row.launches, row.blocks, row.readBytes, row.writtenBytes, row.estimated]
                    .map(String.init))
        }
        return table.text
    }
}
