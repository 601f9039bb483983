import Validation

/// Every launch's measured and predicted columns, and the errors of every column over all launches.
package struct ValidationJSON: Renderer {
    package init() {}

    package func render(_ result: ValidationResult) -> String {
        let validation = result.validation
        return JSONValue.object([
            ("machine", MachineSummary(result.machine).json),
            ("launches", .array(validation.launches.map(launch))),
            ("summary", .object(validation.summaries().map { ($0.column, $0.json) })),
            ("pipe_splits", PipeSplitReport.json(of: validation.pipeSplits)),
            ("published_pipe_split", PipeSplitReport.publishedJSON),
            ("skipped", .object(validation.skipped.map { ($0.kernel, .integer($0.rows)) })),
            ("sector_requests", .count(result.sectorRequests)),
            ("wall_seconds", result.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", result.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ launch: Validation.Launch) -> JSONValue {
        .object([
            ("shape", .text(launch.launch.shapeName)),
            ("order", .integer(launch.launch.order)),
            ("kernel", .text(launch.launch.kernel)),
            ("tiling", .text(launch.launch.subject.tilingDescription)),
            ("measured", .object(launch.columns.map { ($0.name, .number($0.measured)) })),
            ("predicted", .object(launch.columns.map { ($0.name, .number($0.predicted)) })),
            ("predicted_time_shares", .object(launch.timeShares.parts.map { ($0.name, .number($0.share)) })),
        ])
    }
}
