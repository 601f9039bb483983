import Experiments
import Kernels
import Simulator

/// A run as JSON: the machine, every launch with every counter, its course over time where sampled, totals of both passes,
/// and what the run cost.
///
/// Two runs of the same launches on the same machine differ in `wall_seconds` and `peak_memory_bytes` alone, at any number of
/// threads; without a cost both are null and the bytes are equal.
package struct RunJSON: Renderer {
    package init() {}

    package func render(_ run: RunResult) -> String {
        let totals = StepTotals(of: run.launches)
        return JSONValue.object([
            ("machine", MachineSummary(run.machine).json),
            ("cache", .text(run.cacheMode.rawValue)),
            (
                "launches",
                .array(run.launches.indices.map {
                    launch(run.launches[$0], order: $0, pass: totals.passes[$0], mode: run.cacheMode)
                })
            ),
            ("totals", TotalsJSON.value(of: totals, machine: run.machine)),
            ("sector_requests", .count(run.sectorRequests)),
            ("wall_seconds", run.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", run.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func launch(_ result: LaunchResult, order: Int, pass: SSDPass, mode: CacheMode) -> JSONValue {
        .object(members(of: result, order: order, pass: pass, mode: mode))
    }

    /// What is said of one launch.
    func members(
        of result: LaunchResult, order: Int, pass: SSDPass, mode: CacheMode
    ) -> [(key: String, value: JSONValue)] {
        let launch = result.launch
        var members: [(key: String, value: JSONValue)] = [
            ("order", .integer(order)),
            ("kernel", .text(launch.kernel)),
            ("pass", .text(pass.rawValue)),
            ("pipes", .text(KernelPipes(of: result).rawValue)),
            ("grid", .array([.integer(launch.grid.x), .integer(launch.grid.y), .integer(launch.grid.z)])),
            ("blocks", .integer(launch.grid.blockCount)),
            ("threads_per_block", .integer(launch.threadsPerBlock)),
            ("registers_per_thread", .integer(launch.registersPerThread)),
            ("shared_bytes_per_block", .integer(launch.sharedMemoryBytesPerBlock)),
            ("tiling", .text(launch.tiling)),
            ("resources_estimated", .flag(launch.resourcesAreEstimated)),
            ("occupancy", .object(LaunchDetails.occupancy(of: result).map { ($0.name, $0.value) })),
            ("time", .object((LaunchDetails.time(of: result) + LaunchDetails.uses(of: result)).map { ($0.name, $0.value) })),
            ("time_shares", .object(LaunchDetails.shares(of: result).map { ($0.name, $0.value) })),
            ("bound_by", .text(BoundKind(of: result).rawValue)),
            ("predicted", .object(PredictedColumns.values(of: result, mode: mode).map { ($0.name, .number($0.value)) })),
        ]
        if let samples = result.samples { members.append(("samples", SamplesJSON.value(of: samples, result: result))) }
        return members
    }
}
