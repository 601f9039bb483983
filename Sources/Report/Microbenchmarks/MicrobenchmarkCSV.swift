import Validation

/// One row for each quantity of each case.
package struct MicrobenchmarkCSV: Renderer {
    package init() {}

    package func render(_ result: MicrobenchmarkResult) -> String {
        var table = CSVTable(columns: [
            "group", "series", "case", "simulated", "quantity", "measured", "predicted", "error",
        ])
        for element in result.cases {
            for value in element.values {
                table.append([
                    element.group.rawValue, element.series, element.name, element.scale, value.quantity,
                    JSONValue.text(of: value.measured), JSONValue.text(of: value.predicted),
                    value.error.map(JSONValue.text(of:)) ?? "",
                ])
            }
        }
        return table.text
    }
}
