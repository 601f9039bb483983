import Experiments
import Simulator

/// A run through plain caches as CSV: one row a launch, every counter a column.
package struct PlainRunCSV: Renderer {
    package init() {}

    package func render(_ run: PlainRunResult) -> String {
        guard !run.launches.isEmpty else { return "" }
        var table = CSVTable(columns: ["order", "kernel", "grid_x", "grid_y", "grid_z"] + PlainCounterTable.rows.map(\.name))
        for (order, result) in run.launches.enumerated() {
            let grid = result.launch.grid
            table.append(
                [String(order), result.launch.kernel, String(grid.x), String(grid.y), String(grid.z)]
                    + PlainCounterTable.rows.map { String(result.counters[keyPath: $0.keyPath]) })
        }
        return table.text
    }
}
