import Validation

/// A row a compared launch: its row in the table, and each column measured and predicted.
package struct StepValidationCSV: Renderer {
    package init() {}

    package func render(_ result: StepValidationResult) -> String {
        let launches = result.validation.launches
        let names = launches.first?.columns.map(\.name) ?? []
        var text = CSVTable.line(
            ["row", "category", "part", "kernel", "exact_grid"] + names.flatMap { [$0, "predicted_" + $0] })
        for launch in launches {
            text += CSVTable.line(
                [
                    String(launch.measured.number), launch.measured.category, launch.measured.part, launch.kernel,
                    launch.isExact ? "true" : "false",
                ]
                    + launch.columns.flatMap {
                        [JSONValue.text(of: $0.measured), JSONValue.text(of: $0.predicted)]
                    })
        }
        return text
    }
}
