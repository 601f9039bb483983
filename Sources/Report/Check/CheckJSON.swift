import Validation

/// The outcome of every digest with its differences.
package struct CheckJSON: Renderer {
    package init() {}

    package func render(_ outcomes: [CheckOutcome]) -> String {
        JSONValue.object([
            ("launches", .array(outcomes.map(launch))),
            ("launch_count", .integer(outcomes.count)),
            ("differing_count", .integer(outcomes.count { !$0.agrees })),
        ]).text + "\n"
    }

    private func launch(_ outcome: CheckOutcome) -> JSONValue {
        switch outcome {
        case .compared(let report):
            .object([
                ("file", .text(report.file)), ("kernel", .text(report.kernel)), ("rows", .integer(report.rowCount)),
                ("difference_count", .integer(report.differenceCount)),
                ("differences", .array(report.differences.map(JSONValue.text))),
            ])
        case .failed(let file, let reason):
            .object([("file", .text(file)), ("error", .text(reason))])
        }
    }
}
