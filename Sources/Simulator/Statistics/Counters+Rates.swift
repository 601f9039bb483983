extension Counters {
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
