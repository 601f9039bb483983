import Kernels
import Runs
import Simulator

/// A run as CSV: one row per launch, with a column for every counter. Columns have the names of the measured tables.
package struct RunCSV: Renderer {
    package init() {}

    package func render(_ run: RunResult) -> String {
        String(writing: { sink in
            var writer = RunCSVWriter(cacheMode: run.cacheMode, temporaryDirectory: nil, write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
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
            ("bound_by", BoundKind(of: result).rawValue), ("pass", pass.rawValue),
            ("pipes", KernelPipes(of: result).rawValue),
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

/// Writes a run as CSV, row by row.
struct RunCSVWriter: LaunchWriter {
    private let cacheMode: CacheMode
    private let write: TextSink
    private var slots: PassSlots
    private var order = 0

    init(cacheMode: CacheMode, temporaryDirectory: String?, write: @escaping TextSink) {
        self.cacheMode = cacheMode
        self.write = write
        slots = PassSlots(directory: temporaryDirectory)
    }

    mutating func add(_ result: LaunchResult) throws {
        let fields = RunCSV().fields(of: result, order: order, pass: .forward, mode: cacheMode)
        if order == 0 { try write(CSVTable.line(fields.map(\.name))) }
        order += 1
        let open = fields.firstIndex { $0.name == "pass" } ?? 0
        // A comma replaces the line end after the field before the pass.
        let before = CSVTable.line(fields.prefix(open).map(\.text)).dropLast() + ","
        let after = "," + CSVTable.line(fields.dropFirst(open + 1).map(\.text))
        try slots.add(kernel: result.launch.kernel, before: String(before), after: after, write: write)
    }

    mutating func finish(cost: RunCost?) throws { try slots.finish(write: write) }
}
