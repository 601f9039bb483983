import Validation

/// One row for each figure of each launch: measured, predicted, and the error in percent.
package struct LifetimeCSV: Renderer {
    package init() {}

    package func render(_ comparison: LifetimeComparison) -> String {
        var table = CSVTable(columns: ["file", "shape", "order", "kernel", "figure", "measured", "predicted", "error"])
        for launch in comparison.launches {
            for (measured, predicted) in zip(launch.measured.values, launch.predicted.values) {
                let error = LifetimeText.error(measured: measured.value, predicted: predicted.value)
                table.append([
                    launch.file, launch.shapeName, String(launch.order), launch.kernel, measured.name,
                    measured.value.map(JSONValue.text(of:)) ?? "", predicted.value.map(JSONValue.text(of:)) ?? "",
                    error.map(JSONValue.text(of:)) ?? "",
                ])
            }
        }
        return table.text
    }
}
