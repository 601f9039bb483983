import Experiments
import Simulator

/// A run through plain caches as JSON: the machine, every launch with every counter, and their sums.
///
/// Two runs of the same launches differ in `wall_seconds` and `peak_memory_bytes` alone; without a cost both are null.
package struct PlainRunJSON: Renderer {
    package init() {}

    package func render(_ run: PlainRunResult) -> String {
        let total = run.total
        return JSONValue.object([
            ("machine", MachineSummary(run.machine).json),
            ("cache", .text(run.cacheMode.rawValue)),
            ("launches", .array(run.launches.enumerated().map { launch($1, order: $0) })),
            ("totals", counters(total)),
            ("sector_requests", .count(total.sectors)),
            ("wall_seconds", run.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", run.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ result: PlainLaunchResult, order: Int) -> JSONValue {
        let grid = result.launch.grid
        return .object([
            ("order", .integer(order)),
            ("kernel", .text(result.launch.kernel)),
            ("grid", .array([.integer(grid.x), .integer(grid.y), .integer(grid.z)])),
            ("blocks", .integer(grid.blockCount)),
            ("predicted", counters(result.counters)),
        ])
    }

    private func counters(_ counters: PlainCounters) -> JSONValue {
        .object(PlainCounterTable.rows.map { ($0.name, .count(counters[keyPath: $0.keyPath])) })
    }
}
