import Validation

/// One row for each column of each recorded launch: measured, predicted, and the error in percent (in points for
/// columns in percent). Shares of the predicted time follow as `share_` rows, which have no measured value. A launch
/// that could not be compared has one row, with the reason.
package struct RecordedValidationCSV: Renderer {
    package init() {}

    package func render(_ result: RecordedValidationResult) -> String {
        var table = CSVTable(columns: [
            "name", "kind", "kernel", "column", "measured", "predicted", "error", "failure",
        ])
        for launch in result.validation.launches {
            let labels = [launch.row.name, launch.row.kind, launch.row.kernel]
            for column in launch.columns {
                let error = ValidationError.signed(
                    column: column.name, measured: column.measured, predicted: column.predicted)
                table.append(
                    labels + [
                        column.name, JSONValue.text(of: column.measured), JSONValue.text(of: column.predicted),
                        error.map(JSONValue.text(of:)) ?? "", "",
                    ])
            }
            for part in launch.timeShares.parts {
                table.append(labels + ["share_" + part.name, "", JSONValue.text(of: part.share), "", ""])
            }
        }
        for failure in result.validation.failures {
            let row = failure.row
            table.append([row.name, row.kind, row.kernel, "", "", "", "", failure.error.message])
        }
        return table.text
    }
}
