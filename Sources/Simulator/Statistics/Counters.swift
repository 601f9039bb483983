/// All counts of one launch. Sectors and requests are Nsight Compute's. Bytes are plain bytes.
///
/// `CounterTable`, below, describes every field. A test compares the two, so that none is forgotten.
package struct Counters: Equatable, Sendable {
    /// Warp requests of loads, asynchronous copies included.
    package var l1LoadRequests: UInt64 = 0
    /// Sectors of loads, asynchronous copies included.
    package var l1LoadSectors: UInt64 = 0
    /// Load sectors found in L1 or already on their way to it.
    package var l1LoadHitSectors: UInt64 = 0
    /// Warp requests of stores.
    package var l1StoreRequests: UInt64 = 0
    /// Sectors of stores.
    package var l1StoreSectors: UInt64 = 0
    /// Store sectors whose line was in L1.
    package var l1StoreHitSectors: UInt64 = 0
    /// Sectors of reductions.
    package var l1ReductionSectors: UInt64 = 0
    /// Sectors of atomics.
    package var l1AtomicSectors: UInt64 = 0
    /// Sectors of loads from local memory. No other load counter includes them.
    package var l1LocalLoadSectors: UInt64 = 0
    /// Local load sectors found in L1 or already on their way to it.
    package var l1LocalLoadHitSectors: UInt64 = 0
    /// Sectors of stores to local memory. No other store counter of the L1 includes them.
    package var l1LocalStoreSectors: UInt64 = 0
    /// Local store sectors whose line was in L1.
    package var l1LocalStoreHitSectors: UInt64 = 0
    /// Warp requests of asynchronous copies that bypass L1.
    package var l1CopyBypassRequests: UInt64 = 0
    /// Sectors of asynchronous copies that bypass L1.
    package var l1CopyBypassSectors: UInt64 = 0
    /// Warp requests of asynchronous copies through L1.
    package var l1CopyAccessRequests: UInt64 = 0
    /// Sectors of asynchronous copies through L1.
    package var l1CopyAccessSectors: UInt64 = 0
    /// Sectors that the L1s received from the L2 side.
    package var l2ToL1ReadSectors: UInt64 = 0
    /// Sectors that the L1s sent to the L2 side.
    package var l1ToL2WriteSectors: UInt64 = 0
    /// Sectors of reads that the SMs sent to the L2, without merged reads.
    package var l2TexReadSectors: UInt64 = 0
    package var l2TexReadHitSectors: UInt64 = 0
    /// Sectors of writes that the SMs sent to the L2.
    package var l2TexWriteSectors: UInt64 = 0
    package var l2TexWriteHitSectors: UInt64 = 0
    /// Sectors of reductions and atomics that the SMs sent to the L2.
    package var l2TexReductionSectors: UInt64 = 0
    package var l2TexReductionHitSectors: UInt64 = 0
    /// Sectors of reads that crossed between the L2 partitions.
    package var l2FabricReadSectors: UInt64 = 0
    package var l2FabricReadHitSectors: UInt64 = 0
    /// Sectors of writes that crossed between the L2 partitions.
    package var l2FabricWriteSectors: UInt64 = 0
    package var l2FabricWriteHitSectors: UInt64 = 0
    /// Sectors of reductions and atomics that crossed between the L2 partitions.
    package var l2FabricReductionSectors: UInt64 = 0
    package var l2FabricReductionHitSectors: UInt64 = 0
    /// Lookups by which fences ask the slices of the other partition. All of them hit.
    package var l2FabricFenceSectors: UInt64 = 0
    /// Lookups by neither SM data requests nor the fabric: instructions, constants, fences, fills of partial sectors.
    package var l2OtherSectors: UInt64 = 0
    package var l2OtherHitSectors: UInt64 = 0
    /// Sectors filled from HBM.
    package var l2FillSectors: UInt64 = 0
    /// Bytes read from HBM.
    package var hbmReadBytes: UInt64 = 0
    /// Bytes written to HBM.
    package var hbmWriteBytes: UInt64 = 0
    /// Signals between blocks, and polls by blocks that waited for them. Their sectors count as reductions and loads.
    package var flagSignals: UInt64 = 0
    package var flagPolls: UInt64 = 0
    /// Line requests that the L1s and the L2 looked up. They are the simulator's unit of work.
    package var lineRequests: UInt64 = 0
    /// Instruction fetches of a CPU trace. Each lane makes its own. A GPU's caches have no addresses of instructions to
    /// look up.
    package var instructionFetches: UInt64 = 0
    /// Warp instructions, from the cost model.
    package var warpInstructions: UInt64 = 0
    package var tensorInstructions: UInt64 = 0
    /// Operations of the tensor instructions. A multiply-add is two operations.
    package var tensorOperations: UInt64 = 0
    package var fp32Instructions: UInt64 = 0
    package var aluInstructions: UInt64 = 0
    package var specialInstructions: UInt64 = 0

    package init() {}
}

extension Counters {
    /// Adds `other`'s counts, counter by counter.
    package mutating func add(_ other: Counters) {
        for row in CounterTable.rows { self[keyPath: row.keyPath] &+= other[keyPath: row.keyPath] }
    }
}

/// The description of every counter. A new counter is a property of `Counters` and a row here, in the same order. JSON,
/// CSV, sums and sweeps follow, and the text of runs where the row has a heading.
package enum CounterTable {
    private typealias Row = CounterDescription<Counters>

    /// One row per stored property of `Counters`, in declaration order.
    package static let rows = l1 + l2 + memory + instructions

    /// Counters of the L1s and of the traffic between them and the L2.
    package static let l1: [CounterDescription<Counters>] = [
        Row("l1_ld_requests", "requests", "warp requests of loads, asynchronous copies included", \.l1LoadRequests),
        Row("l1_ld_sectors", "sectors", "sectors of loads, asynchronous copies included", \.l1LoadSectors),
        Row("l1_ld_hit_sectors", "sectors", "load sectors found in L1", \.l1LoadHitSectors),
        Row("l1_st_requests", "requests", "warp requests of stores", \.l1StoreRequests),
        Row("l1_st_sectors", "sectors", "sectors of stores", \.l1StoreSectors),
        Row("l1_st_hit_sectors", "sectors", "store sectors whose line was in L1", \.l1StoreHitSectors),
        Row("l1_red_sectors", "sectors", "sectors of reductions", \.l1ReductionSectors),
        Row("l1_atom_sectors", "sectors", "sectors of atomics", \.l1AtomicSectors),
        Row("l1_local_ld_sectors", "sectors", "sectors of local loads", \.l1LocalLoadSectors),
        Row("l1_local_ld_hit_sectors", "sectors", "local load sectors found in L1", \.l1LocalLoadHitSectors),
        Row("l1_local_st_sectors", "sectors", "sectors of local stores", \.l1LocalStoreSectors),
        Row("l1_local_st_hit_sectors", "sectors", "local store sectors whose line was in L1", \.l1LocalStoreHitSectors),
        Row("l1_ldgsts_bypass_requests", "requests", "asynchronous copies past L1", \.l1CopyBypassRequests),
        Row("l1_ldgsts_bypass_sectors", "sectors", "asynchronous copies past L1", \.l1CopyBypassSectors),
        Row("l1_ldgsts_access_requests", "requests", "asynchronous copies through L1", \.l1CopyAccessRequests),
        Row("l1_ldgsts_access_sectors", "sectors", "asynchronous copies through L1", \.l1CopyAccessSectors),
        Row("l2_to_l1_read_sectors", "sectors", "received by the L1s", \.l2ToL1ReadSectors),
        Row("l1_to_l2_write_sectors", "sectors", "sent by the L1s", \.l1ToL2WriteSectors),
    ]

    /// Lookups and fills of the L2. They depend on its contents before the launch.
    package static let l2: [CounterDescription<Counters>] = [
        Row("l2_tex_read_sectors", "sectors", "reads by SMs, merged ones left out", \.l2TexReadSectors),
        Row("l2_tex_read_hit_sectors", "sectors", "reads by SMs that hit", \.l2TexReadHitSectors),
        Row("l2_tex_write_sectors", "sectors", "writes by SMs", \.l2TexWriteSectors),
        Row("l2_tex_write_hit_sectors", "sectors", "writes by SMs that hit or allocate", \.l2TexWriteHitSectors),
        Row("l2_tex_red_sectors", "sectors", "reductions and atomics by SMs", \.l2TexReductionSectors),
        Row("l2_tex_red_hit_sectors", "sectors", "reductions and atomics by SMs that hit", \.l2TexReductionHitSectors),
        Row("l2_fabric_read_sectors", "sectors", "reads between partitions", \.l2FabricReadSectors),
        Row("l2_fabric_read_hit_sectors", "sectors", "reads between partitions that hit", \.l2FabricReadHitSectors),
        Row("l2_fabric_write_sectors", "sectors", "writes between partitions", \.l2FabricWriteSectors),
        Row("l2_fabric_write_hit_sectors", "sectors", "writes between partitions that hit", \.l2FabricWriteHitSectors),
        Row("l2_fabric_red_sectors", "sectors", "reductions between partitions", \.l2FabricReductionSectors),
        Row(
            "l2_fabric_red_hit_sectors", "sectors", "reductions between partitions that hit",
            \.l2FabricReductionHitSectors),
        Row("l2_fabric_fence_sectors", "sectors", "fences between partitions; all hit", \.l2FabricFenceSectors),
        Row("l2_other_sectors", "sectors", "instructions, constants, fences, partial fills", \.l2OtherSectors),
        Row(
            "l2_other_hit_sectors", "sectors", "instructions, constants, fences, partial fills that hit",
            \.l2OtherHitSectors),
        Row("l2_fill_sectors", "sectors", "filled from HBM", \.l2FillSectors),
    ]

    /// Traffic of HBM. It also depends on the L2's contents before the launch.
    package static let memory: [CounterDescription<Counters>] = [
        Row("dram_read_bytes", "bytes", "read from HBM", heading: "HBM read", \.hbmReadBytes),
        Row("dram_write_bytes", "bytes", "written to HBM", heading: "HBM written", \.hbmWriteBytes),
    ]

    /// The operations and requests of blocks.
    package static let instructions: [CounterDescription<Counters>] = [
        Row("flag_signals", "signals", "signals between blocks, and locks given back", \.flagSignals),
        Row(
            "flag_polls", "polls",
            "loads of flags by blocks that wait for signals, and compare-and-swaps that found a lock taken", \.flagPolls
        ),
        Row("line_requests", "requests", "line lookups simulated", \.lineRequests),
        Row(
            "instruction_fetches", "fetches", "instruction fetches of a CPU trace; none reaches a cache",
            \.instructionFetches),
        Row("warp_instructions", "instructions", "warp instructions, from the cost model", \.warpInstructions),
        Row("tensor_warp_inst", "instructions", "tensor-core warp instructions", \.tensorInstructions),
        Row("tensor_ops", "operations", "operations of the tensor cores, two a multiply-add", \.tensorOperations),
        Row("fma_warp_inst", "instructions", "fp32 warp instructions", \.fp32Instructions),
        Row("alu_warp_inst", "instructions", "integer, compare and convert warp instructions", \.aluInstructions),
        Row("xu_warp_inst", "instructions", "special-function warp instructions", \.specialInstructions),
    ]
}
