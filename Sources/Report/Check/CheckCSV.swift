import Validation

/// One row per digest.
package struct CheckCSV: Renderer {
    package init() {}

    package func render(_ outcomes: [CheckOutcome]) -> String {
        var table = CSVTable(columns: ["file", "kernel", "rows", "differences", "first_difference"])
        for outcome in outcomes {
            switch outcome {
            case .compared(let report):
                table.append([
                    report.file, report.kernel, String(report.rowCount), String(report.differenceCount),
                    report.differences.first ?? "",
                ])
            case .failed(let file, let reason):
                table.append([file, "", "", "", reason])
            }
        }
        return table.text
    }
}
