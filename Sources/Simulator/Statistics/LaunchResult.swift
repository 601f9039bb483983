import Machine
import Trace

/// Whether a launch finds the L2 contents of earlier launches.
package enum CacheMode: String, Sendable, CaseIterable {
    /// Caches are empty and clean before each launch, as in Nsight Compute's kernel replay with cache control.
    case cold
    /// The L2's contents and dirty data stay from launch to launch.
    case chained
}

/// The outcome of one simulated launch.
package struct LaunchResult: Sendable {
    package let launch: KernelLaunch
    package let occupancy: Occupancy
    package let counters: Counters
    /// Cycles of `clockHertz` from the first block's start to the last block's end.
    package let spanCycles: Double
    package let clockHertz: Double
    /// Mean clock over the launch. It is below `clockHertz` where the tensor cores draw much power.
    package let meanClockHertz: Double
    /// Cost of the launch beyond its blocks, in nanoseconds.
    package let overheadNanoseconds: Double
    /// Peak HBM bandwidth of the machine in bytes per second.
    package let peakBytesPerSecond: Double
    package let lifetimes: LifetimeHistogram
    /// Cycles of resident blocks by use, summed over blocks. `TimeUse.rawValue` is the index.
    package let useCycles: [Double]
    /// Share of the reads' latency behind the L1s that was spent in queues, 0...1: GPC, slices, fabric, memory
    /// channels.
    package let queueShare: Double
    /// Cycles of the tensor cores, summed over blocks. Each block counts as if its products ran alone on its SM.
    package let tensorCycles: Double
    /// The activity of each SM, by SM number.
    package let sms: [SMActivity]
    /// Cycles of slots between a block's end and the start of the next block in the slot, summed over slots.
    package let turnaroundCycles: Double
    /// The empty share of all block slots over the span, 0...1.
    package let idleSlotShare: Double
    /// Bandwidth, hit rate and resident blocks over time, if the caller asked for them.
    package let samples: LaunchSamples?
    /// Traffic with memory within the watched addresses; nil without any.
    package let watched: WatchedTraffic?

    /// SMs of the machine.
    package var smCount: Int { sms.count }

    /// SMs that ran at least one block.
    package var activeSMs: Int { sms.count { $0.blocks > 0 } }

    /// Cycles in which an SM had a resident warp, averaged over all SMs: Nsight's sm__cycles_active.avg.
    package var meanSMActiveCycles: Double {
        sms.isEmpty ? 0 : sms.reduce(0) { $0 + $1.activeCycles } / Double(sms.count)
    }

    /// Mean number of resident warps of an SM in such a cycle: Nsight's sm__warps_active.avg.per_cycle_active.
    ///
    /// Multiplied by `meanSMActiveCycles` and `smCount` it gives the sum of all blocks' lifetimes, in warps.
    package var meanActiveWarps: Double {
        let active = sms.reduce(0) { $0 + $1.activeCycles }
        return active > 0 ? lifetimes.sum * Double(launch.warpsPerBlock) / active : 0
    }

    /// The share of all slots over the span that waited for the next block after one had ended, 0...1.
    /// It is a part of `idleSlotShare`.
    package var turnaroundSlotShare: Double {
        let slotCycles = spanCycles * Double(smCount * occupancy.blocksPerSM)
        return slotCycles > 0 ? min(idleSlotShare, turnaroundCycles / slotCycles) : 0
    }

    /// The least and the greatest of the SMs' mean lifetimes in cycles; nil without blocks.
    package var smMeanLifetimes: ClosedRange<Double>? {
        let means = sms.filter { $0.blocks > 0 }.map(\.meanLifetimeCycles)
        guard let least = means.min(), let greatest = means.max() else { return nil }
        return least...greatest
    }

    /// Duration as Nsight Compute gives it, in nanoseconds.
    package var durationNanoseconds: Double { spanCycles / meanClockHertz * 1e9 + overheadNanoseconds }

    /// HBM bytes read and written divided by the duration, in bytes per second.
    package var hbmBytesPerSecond: Double {
        Double(counters.hbmReadBytes + counters.hbmWriteBytes) / (durationNanoseconds * 1e-9)
    }

    /// Achieved share of the peak HBM bandwidth in percent.
    package var hbmBusyPercent: Double { 100 * hbmBytesPerSecond / peakBytesPerSecond }

    /// The number of full rounds of resident blocks that the grid makes.
    package var waves: Double { Double(launch.grid.blockCount) / Double(occupancy.blocksPerSM * smCount) }
}
