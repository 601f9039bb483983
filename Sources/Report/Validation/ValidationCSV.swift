import Validation

/// One row for each column of each launch: measured, predicted, and the error in percent (in points for columns in
/// percent). Shares of the predicted time follow as `share_` rows, which have no measured value.
package struct ValidationCSV: Renderer {
    package init() {}

    package func render(_ result: ValidationResult) -> String {
        var table = CSVTable(columns: [
            "shape", "order", "kernel", "tiling", "column", "measured", "predicted", "error",
        ])
        for launch in result.validation.launches {
            for column in launch.columns {
                let error = ValidationError.signed(
                    column: column.name, measured: column.measured, predicted: column.predicted)
                table.append([
                    launch.launch.shapeName, String(launch.launch.order), launch.launch.kernel,
                    launch.launch.subject.tilingDescription,
                    column.name, JSONValue.text(of: column.measured), JSONValue.text(of: column.predicted),
                    error.map(JSONValue.text(of:)) ?? "",
                ])
            }
            for part in launch.timeShares.parts {
                table.append([
                    launch.launch.shapeName, String(launch.launch.order), launch.launch.kernel,
                    launch.launch.subject.tilingDescription,
                    "share_" + part.name, "", JSONValue.text(of: part.share), "",
                ])
            }
        }
        return table.text
    }
}
