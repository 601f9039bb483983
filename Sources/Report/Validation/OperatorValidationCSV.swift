import Validation

/// One row for each column of each compared launch: measured, predicted, and the error in percent (in points for
/// columns in percent). A row of the table that was not compared has one row, with the reason.
package struct OperatorValidationCSV: Renderer {
    package init() {}

    package func render(_ result: OperatorValidationResult) -> String {
        var table = CSVTable(columns: [
            "row", "op", "direction", "launch", "kernel", "column", "measured", "predicted", "error", "reason",
        ])
        for launch in result.validation.launches {
            let labels = [
                String(launch.row.number), launch.row.kind, launch.row.direction, String(launch.row.launch),
                launch.kernel,
            ]
            for column in launch.columns {
                let error = ValidationError.signed(
                    column: column.name, measured: column.measured, predicted: column.predicted)
                table.append(
                    labels + [
                        column.name, JSONValue.text(of: column.measured), JSONValue.text(of: column.predicted),
                        error.map(JSONValue.text(of:)) ?? "", "",
                    ])
            }
        }
        for failure in result.validation.failures {
            let row = failure.row
            table.append([
                String(row.number), row.kind, row.direction, String(row.launch), "", "", "", "", "", failure.reason,
            ])
        }
        return table.text
    }
}
