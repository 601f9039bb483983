import Validation

/// Every compared launch's measured and predicted columns, the errors over all launches and over those of each kind of
/// operator, and the rows that were not compared.
package struct OperatorValidationJSON: Renderer {
    package init() {}

    package func render(_ result: OperatorValidationResult) -> String {
        let validation = result.validation
        return JSONValue.object([
            ("machine", MachineSummary(result.machine).json),
            ("launches", .array(validation.launches.map(launch))),
            ("whole", kind(validation.whole)),
            ("kinds", .array(validation.kinds.map(kind))),
            ("without_generator", .array(validation.failures.map(failure))),
            ("wall_seconds", result.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", result.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ launch: OperatorValidation.Launch) -> JSONValue {
        .object([
            ("row", .integer(launch.row.number)),
            ("op", .text(launch.row.kind)),
            ("direction", .text(launch.row.direction)),
            ("launch", .integer(launch.row.launch)),
            ("function", .text(launch.row.function)),
            ("kernel", .text(launch.kernel)),
            ("measured", .object(launch.columns.map { ($0.name, .number($0.measured)) })),
            ("predicted", .object(launch.columns.map { ($0.name, .number($0.predicted)) })),
            ("predicted_time_shares", .object(launch.timeShares.parts.map { ($0.name, .number($0.share)) })),
        ])
    }

    private func kind(_ kind: OperatorValidation.Kind) -> JSONValue {
        .object([
            ("op", .text(kind.name)),
            ("rows", .integer(kind.rows)),
            ("launches", .integer(kind.launches)),
            ("exact_grids", .integer(kind.exactGrids)),
            ("summary", .object(kind.summaries.map { ($0.column, $0.json) })),
        ])
    }

    private func failure(_ failure: OperatorValidation.Failure) -> JSONValue {
        .object([
            ("row", .integer(failure.row.number)), ("op", .text(failure.row.kind)),
            ("direction", .text(failure.row.direction)), ("launch", .integer(failure.row.launch)),
            ("function", .text(failure.row.function)), ("reason", .text(failure.reason)),
        ])
    }
}
