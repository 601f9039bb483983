import Validation

/// Each launch's measured and predicted figures, and the time lines that were left out.
package struct LifetimeJSON: Renderer {
    package init() {}

    package func render(_ comparison: LifetimeComparison) -> String {
        JSONValue.object([
            ("machine", MachineSummary(comparison.machine).json),
            ("launches", .array(comparison.launches.map(launch))),
            (
                "skipped",
                .array(
                    comparison.skipped.map {
                        .object([("file", .text($0.file)), ("kernel", .text($0.kernel)), ("reason", .text($0.reason))])
                    })
            ),
            ("sector_requests", .count(comparison.launches.reduce(0) { $0 + $1.sectorRequests })),
            ("wall_seconds", comparison.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", comparison.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ launch: LifetimeComparison.Launch) -> JSONValue {
        .object([
            ("file", .text(launch.file)),
            ("shape", .text(launch.shapeName)),
            ("order", .integer(launch.order)),
            ("kernel", .text(launch.kernel)),
            ("measured", figures(launch.measured)),
            ("predicted", figures(launch.predicted)),
        ])
    }

    private func figures(_ statistics: BlockStatistics) -> JSONValue {
        .object(statistics.values.map { ($0.name, $0.value.map(JSONValue.number) ?? .null) })
    }
}
