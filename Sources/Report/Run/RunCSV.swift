import Experiments
import Kernels
import Simulator

/// A run as CSV: one row a launch, every counter a column, columns named as in the measured tables.
package struct RunCSV: Renderer {
    package init() {}

    package func render(_ run: RunResult) -> String {
        let passes = StepTotals(of: run.launches).passes
        let rows = run.launches.enumerated().map { fields(of: $1, order: $0, pass: passes[$0], mode: run.cacheMode) }
        guard let first = rows.first else { return "" }
        var table = CSVTable(columns: first.map(\.name))
        for row in rows { table.append(row.map(\.text)) }
        return table.text
    }

    /// The columns of one launch.
    func fields(of result: LaunchResult, order: Int, pass: SSDPass, mode: CacheMode) -> [(name: String, text: String)] {
        let launch = result.launch
        var fields: [(name: String, text: String)] = [
            ("order", String(order)), ("kernel", launch.kernel), ("tiling", launch.tiling),
            ("grid_x", String(launch.grid.x)), ("grid_y", String(launch.grid.y)), ("grid_z", String(launch.grid.z)),
            ("threads_per_block", String(launch.threadsPerBlock)),
            ("registers_per_thread", String(launch.registersPerThread)),
            ("shared_bytes_per_block", String(launch.sharedMemoryBytesPerBlock)),
            ("resources_estimated", launch.resourcesAreEstimated ? "true" : "false"),
        ]
        let details =
            LaunchDetails.occupancy(of: result) + LaunchDetails.time(of: result) + LaunchDetails.uses(of: result)
        fields += details.map { ($0.name, Self.text(of: $0.value)) }
        fields += LaunchDetails.shares(of: result).map { ("share_" + $0.name, Self.text(of: $0.value)) }
        fields += [
            ("bound_by", BoundKind(of: result).rawValue), ("pass", pass.rawValue), ("pipes", KernelPipes(of: result).rawValue),
        ]
        fields += PredictedColumns.values(of: result, mode: mode).map { ($0.name, JSONValue.text(of: $0.value)) }
        return fields
    }

    /// A plain value without JSON's quotes.
    private static func text(of value: JSONValue) -> String {
        if case .text(let text) = value { return text }
        return value.text
    }
}
