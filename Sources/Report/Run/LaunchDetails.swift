import Machine
import Runs
import Simulator

/// The columns of JSON and CSV on a launch besides `predicted`: names and values, in order. Names are those of the
/// measured tables if these have the column.
enum LaunchDetails {
    /// The resources of the SM that a launch takes.
    static func occupancy(of result: LaunchResult) -> [(name: String, value: JSONValue)] {
        let occupancy = result.occupancy
        return [
            ("blocks_per_sm", .integer(occupancy.blocksPerSM)),
            ("warps_per_block", .integer(occupancy.warpsPerBlock)),
            ("waves", .number(result.waves)),
            ("limited_by", .text(occupancy.limitedBy.rawValue)),
            ("limit_blocks_hw", .integer(occupancy.limitByBlocks)),
            ("limit_blocks_regs", .integer(occupancy.limitByRegisters)),
            ("limit_blocks_shared", .integer(occupancy.limitBySharedMemory)),
            ("limit_blocks_warps", .integer(occupancy.limitByWarps)),
            ("shared_config_bytes", .integer(occupancy.carveOutBytes)),
            ("l1_capacity_bytes", .integer(occupancy.l1CapacityBytes)),
        ]
    }

    /// The uses of time: span, overhead, block lifetimes in cycles.
    static func time(of result: LaunchResult) -> [(name: String, value: JSONValue)] {
        let lifetimes = result.lifetimes
        let means = result.smMeanLifetimes ?? 0...0
        return [
            ("clock_hz", .number(result.clockHertz)),
            ("span_cycles", .number(result.spanCycles)),
            ("launch_overhead_ns", .number(result.overheadNanoseconds)),
            ("hbm_bytes_per_second", .number(result.hbmBytesPerSecond)),
            ("hbm_peak_bytes_per_second", .number(result.peakBytesPerSecond)),
            ("active_sms", .integer(result.activeSMs)),
            ("idle_slot_share", .number(result.idleSlotShare)),
            ("turnaround_slot_share", .number(result.turnaroundSlotShare)),
            ("block_lifetime_mean_cycles", .number(lifetimes.mean)),
            ("block_lifetime_min_cycles", .number(lifetimes.count == 0 ? 0 : lifetimes.minimum)),
            ("block_lifetime_p10_cycles", .number(lifetimes.percentile(0.1))),
            ("block_lifetime_median_cycles", .number(lifetimes.percentile(0.5))),
            ("block_lifetime_p90_cycles", .number(lifetimes.percentile(0.9))),
            ("block_lifetime_max_cycles", .number(lifetimes.maximum)),
            ("sm_mean_lifetime_min_cycles", .number(means.lowerBound)),
            ("sm_mean_lifetime_max_cycles", .number(means.upperBound)),
        ]
    }

    /// The uses of the duration, in shares whose sum is 1.
    static func shares(of result: LaunchResult) -> [(name: String, value: JSONValue)] {
        TimeShares(of: result).parts.map { ($0.name, .number($0.share)) }
    }

    /// Cycles of resident blocks by use.
    static func uses(of result: LaunchResult) -> [(name: String, value: JSONValue)] {
        TimeUse.allCases.map { ("block_\($0.name)_cycles", .number(result.useCycles[$0.rawValue])) }
            + [("slot_turnaround_cycles", .number(result.turnaroundCycles))]
    }
}
