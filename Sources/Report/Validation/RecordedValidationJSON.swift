import Validation

/// Every recorded launch's measured and predicted columns, the errors of every column over all launches and over those
/// of each kind, and the rows that could not be compared.
package struct RecordedValidationJSON: Renderer {
    package init() {}

    package func render(_ result: RecordedValidationResult) -> String {
        let validation = result.validation
        return JSONValue.object([
            ("machine", MachineSummary(result.machine).json),
            ("launches", .array(validation.launches.map(launch))),
            ("far_percent", .number(RecordedValidation.farPercent)),
            ("far_durations", validation.whole.farDurations.map(JSONValue.integer) ?? .null),
            ("summary", summary(validation.summaries)),
            ("kinds", .array(validation.kinds.map(kind))),
            ("failed", .array(validation.failures.map(failure))),
            ("wall_seconds", result.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", result.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ launch: RecordedValidation.Launch) -> JSONValue {
        .object([
            ("name", .text(launch.row.name)),
            ("kind", .text(launch.row.kind)),
            ("kernel", .text(launch.row.kernel)),
            ("parameters", .text(launch.row.parameters)),
            ("measured", .object(launch.columns.map { ($0.name, .number($0.measured)) })),
            ("predicted", .object(launch.columns.map { ($0.name, .number($0.predicted)) })),
            ("predicted_time_shares", .object(launch.timeShares.parts.map { ($0.name, .number($0.share)) })),
        ])
    }

    private func kind(_ kind: RecordedValidation.Kind) -> JSONValue {
        .object([
            ("kind", .text(kind.name)),
            ("launches", .integer(kind.launches)),
            ("far_durations", kind.farDurations.map(JSONValue.integer) ?? .null),
            ("summary", summary(kind.summaries)),
        ])
    }

    private func summary(_ summaries: [ErrorSummary]) -> JSONValue {
        .object(summaries.map { ($0.column, $0.json) })
    }

    private func failure(_ failure: RecordedValidation.Failure) -> JSONValue {
        .object([
            ("name", .text(failure.row.name)), ("kind", .text(failure.row.kind)),
            ("kernel", .text(failure.row.kernel)), ("error", .text(failure.error.message)),
        ])
    }
}
