import Validation

/// Every case with its quantities, then the errors of each series.
package struct MicrobenchmarkJSON: Renderer {
    package init() {}

    package func render(_ result: MicrobenchmarkResult) -> String {
        JSONValue.object([
            ("machine", MachineSummary(result.machine).json),
            ("benchmarks", .array(result.cases.map(benchmark))),
            (
                "summary",
                .array(
                    result.series.flatMap { series in
                        MicrobenchmarkResult.summaries(of: series.cases).map {
                            summary($0, group: series.group, series: series.name)
                        }
                    })
            ),
            ("wall_seconds", result.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", result.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func benchmark(_ element: MicrobenchmarkCase) -> JSONValue {
        .object([
            ("group", .text(element.group.rawValue)),
            ("series", .text(element.series)),
            ("case", .text(element.name)),
            ("simulated", element.scale.isEmpty ? .null : .text(element.scale)),
            ("measured", .object(element.values.map { ($0.quantity, .number($0.measured)) })),
            ("predicted", .object(element.values.map { ($0.quantity, .number($0.predicted)) })),
        ])
    }

    private func summary(_ summary: ErrorSummary, group: MicrobenchmarkGroup, series: String) -> JSONValue {
        .object([
            ("group", .text(group.rawValue)),
            ("series", .text(series)),
            ("quantity", .text(summary.column)),
            ("cases", .integer(summary.launches)),
            ("error_unit", .text(summary.isInPoints ? "points" : "percent")),
            ("mean_error", .number(summary.meanError)),
            ("median_error", .number(summary.medianError)),
            ("worst_error", .number(summary.worstError)),
            ("bias", .number(summary.bias)),
        ])
    }
}
