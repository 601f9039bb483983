import Simulator

/// The only mapping from a simulated launch to the columns of the measured tables.
package enum PredictedColumns {
    /// Every column, in the order of the measured tables.
    package static let all: [PredictedColumn] = time + l1 + l2 + memory + instructions

    /// Name and value of every column of a launch.
    package static func values(of result: LaunchResult, mode: CacheMode) -> [(name: String, value: Double)] {
        all.map { ($0.name(in: mode), $0.value(result)) }
    }

    private static let time: [PredictedColumn] = [
        .perMode("duration_ns") { $0.durationNanoseconds },
        .perMode("cycles") { $0.durationNanoseconds * 1e-9 * $0.meanClockHertz },
        .perMode("sm_active_cycles") { $0.meanSMActiveCycles },
        .perMode("warps_active") { $0.meanActiveWarps },
    ]

    private static let l1: [PredictedColumn] =
        [
            .fixed("l1_sectors") { Double($0.counters.l1Sectors) },
            .fixed("l1_hit_sectors") { Double($0.counters.l1HitSectors) },
            .fixed("l1_hit_pct") { $0.counters.l1HitPercent },
        ] + CounterTable.l1.map(fixed)

    private static let l2: [PredictedColumn] =
        [
            .perMode("l2_sectors") { Double($0.counters.l2Sectors) },
            .perMode("l2_hit_sectors") { Double($0.counters.l2HitSectors) },
            .perMode("l2_hit_pct") { $0.counters.l2HitPercent },
            .perMode("l2_read_sectors") { Double($0.counters.l2TexReadSectors + $0.counters.l2FabricReadSectors) },
            .perMode("l2_read_hit_sectors") {
                Double($0.counters.l2TexReadHitSectors + $0.counters.l2FabricReadHitSectors)
            },
            .perMode("l2_write_sectors") { Double($0.counters.l2TexWriteSectors + $0.counters.l2FabricWriteSectors) },
            .perMode("l2_write_hit_sectors") {
                Double($0.counters.l2TexWriteHitSectors + $0.counters.l2FabricWriteHitSectors)
            },
            .perMode("l2_red_sectors") { Double(reductions($0.counters) - atomics($0.counters)) },
            .perMode("l2_atom_sectors") { Double(atomics($0.counters)) },
            .perMode("l2_tex_sectors") { Double($0.counters.l2TexSectors) },
            .perMode("l2_tex_hit_sectors") { Double($0.counters.l2TexHitSectors) },
            .perMode("l2_fabric_sectors") { Double($0.counters.l2FabricSectors) },
            .perMode("l2_fabric_hit_sectors") { Double($0.counters.l2FabricHitSectors) },
        ] + CounterTable.l2.map(perMode)

    private static let memory: [PredictedColumn] =
        CounterTable.memory.map(perMode) + [.perMode("dram_busy_pct") { $0.hbmBusyPercent }]

    // The elements of the measured launches are bf16.
    private static let instructions: [PredictedColumn] =
        [.fixed("tensor_bf16_ops") { Double($0.counters.tensorOperations) }]
        + CounterTable.instructions.map(fixed)

    private static func fixed(_ row: CounterDescription<Counters>) -> PredictedColumn {
        .fixed(row.name) { Double($0.counters[keyPath: row.keyPath]) }
    }

    private static func perMode(_ row: CounterDescription<Counters>) -> PredictedColumn {
        .perMode(row.name) { Double($0.counters[keyPath: row.keyPath]) }
    }

    /// L2 lookups by reductions and atomics. The L2 counts them together.
    private static func reductions(_ counters: Counters) -> UInt64 {
        counters.l2TexReductionSectors + counters.l2FabricReductionSectors
    }

    /// The atomics among these lookups, estimated in proportion to the L1 sectors.
    private static func atomics(_ counters: Counters) -> UInt64 {
        let asked = counters.l1ReductionSectors + counters.l1AtomicSectors
        guard asked > 0 else { return 0 }
        return UInt64((Double(reductions(counters)) * Double(counters.l1AtomicSectors) / Double(asked)).rounded())
    }
}
