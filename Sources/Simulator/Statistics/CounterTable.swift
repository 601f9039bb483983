/// The name, unit and meaning of a counter. These descriptions drive printing, JSON, CSV and merging.
package struct CounterDescription<Counts>: Sendable {
    /// The column's name, as in the measured tables, without `cold_` or `chain_`.
    package let name: String
    package let unit: String
    package let meaning: String
    package let keyPath: WritableKeyPath<Counts, UInt64> & Sendable
}

package enum CounterTable {
    private static func row(
        _ name: String, _ unit: String, _ meaning: String, _ keyPath: WritableKeyPath<Counters, UInt64> & Sendable
    ) -> CounterDescription<Counters> {
        CounterDescription(name: name, unit: unit, meaning: meaning, keyPath: keyPath)
    }

    /// One row per stored property of `Counters`, in declaration order.
    package static let rows = l1 + l2 + memory + instructions

    /// Counters of the L1s and of the traffic between them and the L2.
    package static let l1: [CounterDescription<Counters>] = [
        row("l1_ld_requests", "requests", "warp requests of loads, asynchronous copies included", \.l1LoadRequests),
        row("l1_ld_sectors", "sectors", "sectors of loads, asynchronous copies included", \.l1LoadSectors),
        row("l1_ld_hit_sectors", "sectors", "load sectors found in L1", \.l1LoadHitSectors),
        row("l1_st_requests", "requests", "warp requests of stores", \.l1StoreRequests),
        row("l1_st_sectors", "sectors", "sectors of stores", \.l1StoreSectors),
        row("l1_st_hit_sectors", "sectors", "store sectors whose line was in L1", \.l1StoreHitSectors),
        row("l1_red_sectors", "sectors", "sectors of reductions", \.l1ReductionSectors),
        row("l1_atom_sectors", "sectors", "sectors of atomics", \.l1AtomicSectors),
        row("l1_local_ld_sectors", "sectors", "sectors of local loads", \.l1LocalLoadSectors),
        row("l1_local_ld_hit_sectors", "sectors", "local load sectors found in L1", \.l1LocalLoadHitSectors),
        row("l1_local_st_sectors", "sectors", "sectors of local stores", \.l1LocalStoreSectors),
        row("l1_local_st_hit_sectors", "sectors", "local store sectors whose line was in L1", \.l1LocalStoreHitSectors),
        row("l1_ldgsts_bypass_requests", "requests", "asynchronous copies past L1", \.l1CopyBypassRequests),
        row("l1_ldgsts_bypass_sectors", "sectors", "asynchronous copies past L1", \.l1CopyBypassSectors),
        row("l1_ldgsts_access_requests", "requests", "asynchronous copies through L1", \.l1CopyAccessRequests),
        row("l1_ldgsts_access_sectors", "sectors", "asynchronous copies through L1", \.l1CopyAccessSectors),
        row("l2_to_l1_read_sectors", "sectors", "received by the L1s", \.l2ToL1ReadSectors),
        row("l1_to_l2_write_sectors", "sectors", "sent by the L1s", \.l1ToL2WriteSectors),
    ]

    /// Lookups and fills of the L2. They depend on its contents before the launch.
    package static let l2: [CounterDescription<Counters>] = [
        row("l2_tex_read_sectors", "sectors", "reads by SMs, merged ones left out", \.l2TexReadSectors),
        row("l2_tex_read_hit_sectors", "sectors", "reads by SMs that hit", \.l2TexReadHitSectors),
        row("l2_tex_write_sectors", "sectors", "writes by SMs", \.l2TexWriteSectors),
        row("l2_tex_write_hit_sectors", "sectors", "writes by SMs that hit or allocate", \.l2TexWriteHitSectors),
        row("l2_tex_red_sectors", "sectors", "reductions and atomics by SMs", \.l2TexReductionSectors),
        row("l2_tex_red_hit_sectors", "sectors", "reductions and atomics by SMs that hit", \.l2TexReductionHitSectors),
        row("l2_fabric_read_sectors", "sectors", "reads between partitions", \.l2FabricReadSectors),
        row("l2_fabric_read_hit_sectors", "sectors", "reads between partitions that hit", \.l2FabricReadHitSectors),
        row("l2_fabric_write_sectors", "sectors", "writes between partitions", \.l2FabricWriteSectors),
        row("l2_fabric_write_hit_sectors", "sectors", "writes between partitions that hit", \.l2FabricWriteHitSectors),
        row("l2_fabric_red_sectors", "sectors", "reductions between partitions", \.l2FabricReductionSectors),
        row(
            "l2_fabric_red_hit_sectors", "sectors", "reductions between partitions that hit",
            \.l2FabricReductionHitSectors),
        row("l2_fabric_fence_sectors", "sectors", "fences between partitions; all hit", \.l2FabricFenceSectors),
        row("l2_other_sectors", "sectors", "instructions, constants, fences, partial fills", \.l2OtherSectors),
        row(
            "l2_other_hit_sectors", "sectors", "instructions, constants, fences, partial fills that hit",
            \.l2OtherHitSectors),
        row("l2_fill_sectors", "sectors", "filled from HBM", \.l2FillSectors),
    ]

    /// Traffic of HBM. It also depends on the L2's contents before the launch.
    package static let memory: [CounterDescription<Counters>] = [
        row("dram_read_bytes", "bytes", "read from HBM", \.hbmReadBytes),
        row("dram_write_bytes", "bytes", "written to HBM", \.hbmWriteBytes),
    ]

    /// The operations and requests of blocks.
    package static let instructions: [CounterDescription<Counters>] = [
        row("flag_signals", "signals", "signals between blocks", \.flagSignals),
        row("flag_polls", "polls", "loads of flags by blocks that wait for signals", \.flagPolls),
        row("line_requests", "requests", "line lookups simulated", \.lineRequests),
        row(
            "instruction_fetches", "fetches", "instruction fetches of a CPU trace; none reaches a cache",
            \.instructionFetches),
        row("warp_instructions", "instructions", "warp instructions, from the cost model", \.warpInstructions),
        row("tensor_warp_inst", "instructions", "tensor-core warp instructions", \.tensorInstructions),
        row("tensor_ops", "operations", "operations of the tensor cores, two a multiply-add", \.tensorOperations),
        row("fma_warp_inst", "instructions", "fp32 warp instructions", \.fp32Instructions),
        row("alu_warp_inst", "instructions", "integer, compare and convert warp instructions", \.aluInstructions),
        row("xu_warp_inst", "instructions", "special-function warp instructions", \.specialInstructions),
    ]
}

extension Counters {
    /// Adds `other`'s counts, counter by counter.
    package mutating func add(_ other: Counters) {
        for row in CounterTable.rows { self[keyPath: row.keyPath] &+= other[keyPath: row.keyPath] }
    }

    /// l1tex__t_sectors: loads, stores, reductions, atomics and local memory.
    package var l1Sectors: UInt64 {
        l1LoadSectors + l1StoreSectors + l1ReductionSectors + l1AtomicSectors + l1LocalLoadSectors + l1LocalStoreSectors
    }
    package var l1HitSectors: UInt64 {
        l1LoadHitSectors + l1StoreHitSectors + l1LocalLoadHitSectors + l1LocalStoreHitSectors
    }
    /// L1 hit rate in percent; 0 without any sector.
    package var l1HitPercent: Double { percent(l1HitSectors, of: l1Sectors) }
    /// lts__t_sectors_srcunit_tex.
    package var l2TexSectors: UInt64 { l2TexReadSectors + l2TexWriteSectors + l2TexReductionSectors }
    package var l2TexHitSectors: UInt64 { l2TexReadHitSectors + l2TexWriteHitSectors + l2TexReductionHitSectors }
    /// lts__t_sectors_srcunit_ltcfabric.
    package var l2FabricSectors: UInt64 {
        l2FabricReadSectors + l2FabricWriteSectors + l2FabricReductionSectors + l2FabricFenceSectors
    }
    package var l2FabricHitSectors: UInt64 {
        l2FabricReadHitSectors + l2FabricWriteHitSectors + l2FabricReductionHitSectors + l2FabricFenceSectors
    }
    /// lts__t_sectors: both partitions' lookups, so a far miss counts twice.
    package var l2Sectors: UInt64 { l2TexSectors + l2FabricSectors + l2OtherSectors }
    package var l2HitSectors: UInt64 { l2TexHitSectors + l2FabricHitSectors + l2OtherHitSectors }
    /// L2 hit rate in percent as Nsight Compute gives it; 0 without any sector.
    package var l2HitPercent: Double { percent(l2HitSectors, of: l2Sectors) }
}

/// `part` in percent of `whole`; 0 where `whole` is 0.
package func percent(_ part: UInt64, of whole: UInt64) -> Double {
    whole == 0 ? 0 : 100 * Double(part) / Double(whole)
}
