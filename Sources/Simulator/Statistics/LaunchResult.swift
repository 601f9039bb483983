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
    /// Part of the reads' latency behind the L1s that was spent in queues: GPC, slices, fabric, memory channels; 0...1.
    package let queueShare: Double
    /// Cycles of the tensor cores, as if a block's products ran alone on its SM, summed over blocks.
    package let tensorCycles: Double
    /// What each SM did, by SM number.
    package let sms: [SMActivity]
    /// Cycles of slots between a block's end and the start of the next block in its slot, summed over slots.
    package let turnaroundCycles: Double
    /// Block slots over the span that were empty, as a share of all slots, 0...1.
    package let idleSlotShare: Double
    /// Bandwidth, hit rate and resident blocks over time, where asked for.
    package let samples: LaunchSamples?
    /// Traffic with memory within the addresses that were watched; nil where none were.
    package let watched: WatchedTraffic?

    /// SMs of the machine.
    package var smCount: Int { sms.count }

    /// SMs that ran at least one block.
    package var activeSMs: Int { sms.count { $0.blocks > 0 } }

    /// Cycles in which an SM had a resident warp, averaged over all SMs: Nsight's sm__cycles_active.avg.
    package var meanSMActiveCycles: Double {
        sms.isEmpty ? 0 : sms.reduce(0) { $0 + $1.activeCycles } / Double(sms.count)
    }

    /// Resident warps of an SM in such a cycle, on average: Nsight's sm__warps_active.avg.per_cycle_active.
    ///
    /// Times `meanSMActiveCycles` and `smCount` it is what all blocks' lifetimes add up to, in warps.
    package var meanActiveWarps: Double {
        let active = sms.reduce(0) { $0 + $1.activeCycles }
        return active > 0 ? lifetimes.sum * Double(launch.warpsPerBlock) / active : 0
    }

    /// Slots over the span that waited for the next block after one had ended, as a share of all slots, 0...1.
    /// A part of `idleSlotShare`.
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
