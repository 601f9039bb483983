import Machine
import Trace

/// Whether a launch finds what earlier launches left in the L2.
package enum CacheMode: String, Sendable, CaseIterable {
    /// Caches empty and clean before each launch, as Nsight Compute's kernel replay with cache control.
    case cold
    /// The L2's contents and dirty data stay from launch to launch.
    case chained
}

/// What one simulated launch did.
package struct LaunchResult: Sendable {
    package let launch: KernelLaunch
    package let occupancy: Occupancy
    package let counters: Counters
    /// From the first block's start to the last block's end, in cycles of `clockHertz`.
    package let spanCycles: Double
    package let clockHertz: Double
    /// What the launch costs besides its blocks, in nanoseconds.
    package let overheadNanoseconds: Double
    /// Peak HBM bandwidth of the machine in bytes per second.
    package let peakBytesPerSecond: Double
    package let lifetimes: LifetimeHistogram
    /// Cycles of resident blocks by what they went to, summed over blocks; indexed by `TimeUse.rawValue`.
    package let useCycles: [Double]
    /// SMs that ran at least one block.
    package let activeSMs: Int
    /// SMs of the machine.
    package let smCount: Int
    /// Block slots over the span that were empty, as a share of all slots, 0...1.
    package let idleSlotShare: Double
    /// Resident warps per active SM, averaged over the span.
    package let meanActiveWarps: Double

    /// Duration as Nsight Compute gives it, in nanoseconds.
    package var durationNanoseconds: Double { spanCycles / clockHertz * 1e9 + overheadNanoseconds }

    /// HBM bytes read and written divided by the duration, in bytes per second.
    package var hbmBytesPerSecond: Double {
        Double(counters.hbmReadBytes + counters.hbmWriteBytes) / (durationNanoseconds * 1e-9)
    }

    /// Achieved share of the peak HBM bandwidth in percent.
    package var hbmBusyPercent: Double { 100 * hbmBytesPerSecond / peakBytesPerSecond }

    /// Full rounds of resident blocks that the grid makes.
    package var waves: Double { Double(launch.grid.blockCount) / Double(occupancy.blocksPerSM * smCount) }
}
