import Simulator

/// The one mapping from a simulated launch to the columns of the measured tables (h200_ssd.csv).
///
/// What Nsight Compute counts in the L1s and in the instruction stream keeps its plain name; what it counts in L2, in HBM
/// and in time bears the cache mode's prefix, since only that depends on what earlier launches left behind.
package enum PredictedColumns {
    /// Name and value of every column, in the order of the measured tables; counts, bytes, nanoseconds, cycles, percent.
    package static func values(of result: LaunchResult, mode: CacheMode) -> [(name: String, value: Double)] {
        let prefix = prefix(of: mode)
        var columns = time(of: result).map { (prefix + $0.name, $0.value) }
        columns += l1(of: result.counters)
        columns += l2(of: result.counters).map { (prefix + $0.name, $0.value) }
        columns += memory(of: result).map { (prefix + $0.name, $0.value) }
        columns += instructions(of: result.counters)
        return columns
    }

    /// `cold_` or `chain_`, as the measured tables call the two cache modes.
    package static func prefix(of mode: CacheMode) -> String {
        switch mode {
        case .cold: "cold_"
        case .chained: "chain_"
        }
    }

    private typealias Columns = [(name: String, value: Double)]

    private static func time(of result: LaunchResult) -> Columns {
        [
            ("duration_ns", result.durationNanoseconds),
            ("cycles", result.durationNanoseconds * 1e-9 * result.clockHertz),
            ("sm_active_cycles", result.meanSMActiveCycles),
            ("warps_active", result.meanActiveWarps),
        ]
    }

    private static func l1(of counters: Counters) -> Columns {
        var columns: Columns = [
            ("l1_sectors", Double(counters.l1Sectors)),
            ("l1_hit_sectors", Double(counters.l1HitSectors)),
            ("l1_hit_pct", counters.l1HitPercent),
        ]
        columns += rows(of: counters) { $0.hasPrefix("l1_") || $0.hasPrefix("l2_to_l1_") }
        return columns
    }

    private static func l2(of counters: Counters) -> Columns {
        let reductions = counters.l2TexReductionSectors + counters.l2FabricReductionSectors
        let atomics = atomicShare(of: reductions, counters: counters)
        var columns: Columns = [
            ("l2_sectors", Double(counters.l2Sectors)),
            ("l2_hit_sectors", Double(counters.l2HitSectors)),
            ("l2_hit_pct", counters.l2HitPercent),
            ("l2_read_sectors", Double(counters.l2TexReadSectors + counters.l2FabricReadSectors)),
            ("l2_read_hit_sectors", Double(counters.l2TexReadHitSectors + counters.l2FabricReadHitSectors)),
            ("l2_write_sectors", Double(counters.l2TexWriteSectors + counters.l2FabricWriteSectors)),
            ("l2_write_hit_sectors", Double(counters.l2TexWriteHitSectors + counters.l2FabricWriteHitSectors)),
            ("l2_red_sectors", Double(reductions - atomics)),
            ("l2_atom_sectors", Double(atomics)),
            ("l2_tex_sectors", Double(counters.l2TexSectors)),
            ("l2_tex_hit_sectors", Double(counters.l2TexHitSectors)),
            ("l2_fabric_sectors", Double(counters.l2FabricSectors)),
            ("l2_fabric_hit_sectors", Double(counters.l2FabricHitSectors)),
        ]
        columns += rows(of: counters) { $0.hasPrefix("l2_") && !$0.hasPrefix("l2_to_l1_") }
        return columns
    }

    private static func memory(of result: LaunchResult) -> Columns {
        var columns = rows(of: result.counters) { $0.hasPrefix("dram_") }
        columns.append(("dram_busy_pct", result.hbmBusyPercent))
        return columns
    }

    private static func instructions(of counters: Counters) -> Columns {
        // The measured launches' elements are bf16.
        [("tensor_bf16_ops", Double(counters.tensorOperations))]
            + rows(of: counters) { !["l1_", "l2_", "dram_"].contains(where: $0.hasPrefix) }
    }

    private static func rows(of counters: Counters, where isWanted: (String) -> Bool) -> Columns {
        CounterTable.rows.filter { isWanted($0.name) }.map { ($0.name, Double(counters[keyPath: $0.keyPath])) }
    }

    /// The atomics among L2 lookups by reductions and atomics, which are counted together there: in proportion to the L1 sectors.
    private static func atomicShare(of reductions: UInt64, counters: Counters) -> UInt64 {
        let asked = counters.l1ReductionSectors + counters.l1AtomicSectors
        guard asked > 0 else { return 0 }
        return UInt64((Double(reductions) * Double(counters.l1AtomicSectors) / Double(asked)).rounded())
    }
}
