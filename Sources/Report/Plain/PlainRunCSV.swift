import Runs
import Simulator

/// A run through plain caches as CSV: one row per launch, with a column for every counter.
package struct PlainRunCSV: Renderer {
    package init() {}

    package func render(_ run: PlainRunResult) -> String {
        String(writing: { sink in
            var writer = PlainRunCSVWriter(write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
    }
}

/// Writes a run through plain caches as CSV, row by row.
struct PlainRunCSVWriter: LaunchWriter {
    private let write: TextSink
    private var order = 0

    init(write: @escaping TextSink) {
        self.write = write
    }

    mutating func add(_ result: PlainLaunchResult) throws {
        if order == 0 {
            try write(
                CSVTable.line(["order", "kernel", "grid_x", "grid_y", "grid_z"] + PlainCounterTable.rows.map(\.name)))
        }
        let grid = result.launch.grid
        try write(
            CSVTable.line(
                [String(order), result.launch.kernel, String(grid.x), String(grid.y), String(grid.z)]
                    + PlainCounterTable.rows.map { String(result.counters[keyPath: $0.keyPath]) }))
        order += 1
    }

    mutating func finish(cost: RunCost?) {}
}
