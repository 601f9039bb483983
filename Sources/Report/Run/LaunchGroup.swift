import Runs
import Simulator
import Trace

/// Launches of the same kernel, grid and tiling, which stand in one row of a table for people.
struct LaunchGroup {
    /// What such launches have in common.
    struct Key: Hashable {
        let kernel: String
        let tiling: String
        let grid: [Int]
        let resources: [Int]

        init(_ launch: KernelLaunch) {
            kernel = launch.kernel
            tiling = launch.tiling
            grid = [launch.grid.x, launch.grid.y, launch.grid.z]
            resources = [launch.threadsPerBlock, launch.registersPerThread, launch.sharedMemoryBytesPerBlock]
        }
    }

    private let kernel: String
    private let isEstimated: Bool
    private(set) var count = 0
    /// The first launch's; those of the others are equal.
    let blocksPerSM: Int
    let waves: Double
    let clockHertz: Double
    private(set) var blocks: UInt64 = 0
    private(set) var counters = Counters()
    private(set) var lifetimes = LifetimeHistogram()
    /// Durations, and their launch overheads.
    private(set) var nanoseconds = 0.0
    private(set) var overheadNanoseconds = 0.0
    private(set) var smMeanLifetimes: ClosedRange<Double>?
    private let peakBytesPerSecond: Double
    /// Bytes that the L2's slices could deliver in the durations.
    private var mostL2Bytes = 0.0
    /// Nanoseconds by cause, launch overhead first.
    private var causes: [(kind: BoundKind, nanoseconds: Double)] = []
    private var smActiveCycles = 0.0
    private var warpCycles = 0.0

    /// - Parameter limit: of the machine's L2; nil where no rate of the L2 is shown.
    init(_ result: LaunchResult, limit: L2Limit? = nil) {
        kernel = result.launch.kernel
        isEstimated = result.launch.resourcesAreEstimated
        blocksPerSM = result.occupancy.blocksPerSM
        waves = result.waves
        clockHertz = result.clockHertz
        peakBytesPerSecond = result.peakBytesPerSecond
        add(result, limit: limit)
    }

    mutating func add(_ result: LaunchResult, limit: L2Limit?) {
        count += 1
        blocks += UInt64(result.launch.grid.blockCount)
        counters.add(result.counters)
        lifetimes.add(result.lifetimes)
        nanoseconds += result.durationNanoseconds
        overheadNanoseconds += result.overheadNanoseconds
        if let means = result.smMeanLifetimes {
            let known = smMeanLifetimes ?? means
            smMeanLifetimes =
                min(known.lowerBound, means.lowerBound)...max(known.upperBound, means.upperBound)
        }
        mostL2Bytes += limit?.mostBytes(of: result) ?? 0
        smActiveCycles += result.meanSMActiveCycles
        warpCycles += result.meanSMActiveCycles * result.meanActiveWarps
        for part in BoundKind.parts(of: result) {
            let time = part.share * result.durationNanoseconds
            if let index = causes.firstIndex(where: { $0.kind == part.kind }) {
                causes[index].nanoseconds += time
            } else {
                causes.append((part.kind, time))
            }
        }
    }

    /// The kernel, `xN` for N launches, and a star where its resources are estimated.
    var title: String { kernel + (count > 1 ? " x\(count)" : "") + (isEstimated ? " *" : "") }
    var hbmBytes: Double { Double(counters.hbmReadBytes + counters.hbmWriteBytes) }
    var hbmBytesPerSecond: Double { hbmBytes / (nanoseconds * 1e-9) }
    var hbmPercent: Double { 100 * hbmBytesPerSecond / peakBytesPerSecond }
    /// The L2's bytes in percent of what its slices could deliver; nil without a limit.
    func l2Percent(_ limit: L2Limit) -> Double? {
        mostL2Bytes > 0 ? 100 * limit.bytes(counters) / mostL2Bytes : nil
    }
    var meanSMActiveCycles: Double { smActiveCycles / Double(count) }
    var meanActiveWarps: Double { smActiveCycles > 0 ? warpCycles / smActiveCycles : 0 }
    private var parts: [(kind: BoundKind, share: Double)] {
        nanoseconds > 0 ? causes.map { ($0.kind, $0.nanoseconds / nanoseconds) } : []
    }
    var bound: BoundKind { BoundKind(parts: parts, hbmBusyPercent: hbmPercent) }
    var shares: TimeShares { TimeShares(of: parts) }
    var medianNanoseconds: Double { lifetimes.percentile(0.5) / clockHertz * 1e9 }
}
