/// All counts of one launch. Sectors and requests are Nsight Compute's. Bytes are plain bytes.
///
/// `CounterTable` names every field. A test compares the two, so that none is forgotten.
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
