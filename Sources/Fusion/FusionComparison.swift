import Machine
import Runs
import Simulator
import Trace
import Workloads

/// One side of a comparison: launches one after another on one machine. Its L2 is empty at first and then keeps its
/// contents.
package struct FusionSide: Sendable {
    /// One result per launch, in launch order. There is at least one.
    package let launches: [LaunchResult]
    /// The tensors that one block leaves to another in memory. `watched` is the launches' traffic with them.
    package let intermediates: [Intermediate]
    /// Bytes that the intermediates hold, or would hold if a launch stored them.
    package let storedBytes: UInt64

    package init(launches: [LaunchResult], intermediates: [Intermediate] = [], storedBytes: UInt64 = 0) {
        self.launches = launches
        self.intermediates = intermediates
        self.storedBytes = storedBytes
    }

    /// Bytes of the intermediates that have not been written to HBM when the last launch ends.
    package var keptBytes: UInt64 { storedBytes - min(storedBytes, watched?.writtenBytes ?? 0) }

    /// All launches' counts together.
    package var counters: Counters { launches.reduce(into: Counters()) { $0.add($1.counters) } }
    /// Sum of the durations in nanoseconds, including launch overheads.
    package var nanoseconds: Double { launches.reduce(0) { $0 + $1.durationNanoseconds } }
    /// Sum of the launch overheads in nanoseconds.
    package var overheadNanoseconds: Double { launches.reduce(0) { $0 + $1.overheadNanoseconds } }
    /// Bytes read from HBM and written to it.
    package var hbmBytes: UInt64 { counters.hbmReadBytes + counters.hbmWriteBytes }
    /// Traffic of the watched addresses with HBM; nil if none were watched.
    package var watched: WatchedTraffic? {
        let traffic = launches.compactMap(\.watched)
        guard !traffic.isEmpty else { return nil }
        return WatchedTraffic(
            readBytes: traffic.reduce(0) { $0 + $1.readBytes }, writtenBytes: traffic.reduce(0) { $0 + $1.writtenBytes }
        )
    }

    /// Thread blocks of all launches.
    package var blocks: Int { launches.reduce(0) { $0 + $1.launch.grid.blockCount } }

    /// Nanoseconds of the durations by use, in the order of `TimeShares.titles`.
    package var parts: [(title: String, name: String, nanoseconds: Double)] {
        var sums = TimeShares.titles.map { (title: $0.title, name: $0.name, nanoseconds: 0.0) }
        for launch in launches {
            for (index, part) in TimeShares(of: launch).parts.enumerated() {
                sums[index].nanoseconds += part.share * launch.durationNanoseconds
            }
        }
        return sums
    }

    /// Active cycles of the SM that is active longest, divided by the mean of all SMs, in the longest launch. It is at
    /// least 1.
    package var imbalance: Double {
        guard let longest = launches.max(by: { $0.durationNanoseconds < $1.durationNanoseconds }) else { return 1 }
        let most = longest.sms.map(\.activeCycles).max() ?? 0
        return longest.meanSMActiveCycles > 0 ? most / longest.meanSMActiveCycles : 1
    }

    /// The columns of `PredictedColumns` over all launches: sums, and percentages and means of the sums.
    package var columns: [(name: String, value: Double)] {
        let rows = launches.map { PredictedColumns.values(of: $0, mode: .chained) }
        guard var sums = rows.first else { return [] }
        for row in rows.dropFirst() { for index in sums.indices { sums[index].value += row[index].value } }
        guard rows.count > 1 else { return sums }
        let counters = counters
        let active = launches.reduce(0) { $0 + $1.meanSMActiveCycles }
        let warps = launches.reduce(0) { $0 + $1.meanSMActiveCycles * $1.meanActiveWarps }
        let capacity = launches.reduce(0) { $0 + $1.durationNanoseconds * 1e-9 * $1.peakBytesPerSecond }
        let means: [String: Double] = [
            "l1_hit_pct": counters.l1HitPercent, "chain_l2_hit_pct": counters.l2HitPercent,
            "chain_warps_active": active > 0 ? warps / active : 0,
            "chain_dram_busy_pct": capacity > 0 ? 100 * Double(hbmBytes) / capacity : 0,
        ]
        for index in sums.indices { if let mean = means[sums[index].name] { sums[index].value = mean } }
        return sums
    }
}

/// Launches compared with a variant of them.
package struct FusionComparison: Sendable {
    package let machine: MachineDescription
    /// The name of the variant, such as `ordered`.
    package let variantName: String
    /// The choices and assumptions for the variant, one line each.
    package let assumptions: [String]
    package let baseline: FusionSide
    package let variant: FusionSide
    /// The cost of the runs themselves; nil if reports must compare byte for byte.
    package var cost: RunCost?

    package init(
        machine: MachineDescription, variantName: String, assumptions: [String] = [], baseline: FusionSide,
        variant: FusionSide,
        cost: RunCost? = nil
    ) {
        self.machine = machine
        self.variantName = variantName
        self.assumptions = assumptions
        self.baseline = baseline
        self.variant = variant
        self.cost = cost
    }

    /// Runs both sides, each on an L2 that is empty at first and keeps its contents from launch to launch.
    /// - Throws: as `LaunchRunner.run`.
    package init(
        baseline: FusionLaunches, variant: FusionLaunches, variantName: String, assumptions: [String] = [],
        machine: MachineDescription, threads: Int = 1, progress: ((RunProgress) -> Void)? = nil
    ) throws {
        func side(_ launches: FusionLaunches) throws -> FusionSide {
            let run = try LaunchRunner.run(
                GeneratedLaunches(launches.sources), machine: machine, cacheMode: .chained, threads: threads,
                watching: launches.intermediates.map(\.addresses), progress: progress)
            return FusionSide(
                launches: run.launches, intermediates: launches.intermediates, storedBytes: launches.storedBytes)
        }
        self.init(
            machine: machine, variantName: variantName, assumptions: assumptions, baseline: try side(baseline),
            variant: try side(variant))
    }

    /// Runs launches and a variant made of them.
    /// - Throws: as `LaunchRunner.run`.
    package init(
        baseline: [any BlockProgramSource], variant: MadeVariant, machine: MachineDescription, threads: Int = 1,
        progress: ((RunProgress) -> Void)? = nil
    ) throws {
        func launches(_ sources: [any BlockProgramSource]) -> FusionLaunches {
            FusionLaunches(sources, intermediates: variant.intermediates, storedBytes: variant.storedBytes)
        }
        try self.init(
            baseline: launches(baseline), variant: launches([variant.launch]), variantName: variant.name,
            assumptions: variant.assumptions, machine: machine, threads: threads, progress: progress)
    }

    /// The baseline's time divided by the variant's.
    package var speedup: Double { variant.nanoseconds > 0 ? baseline.nanoseconds / variant.nanoseconds : 1 }
    /// The sectors that the launches' warp requests ask for, on both sides.
    package var sectorRequests: UInt64 { baseline.counters.l1Sectors + variant.counters.l1Sectors }
    /// Whether blocks of the baseline leave tensors to other blocks.
    package var hasIntermediate: Bool { !baseline.intermediates.isEmpty }
}
