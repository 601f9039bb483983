/// One line's sectors on their way from an SM to the L2.
struct SectorRequest: BitwiseCopyable {
    /// Cycle at which it leaves the SM.
    var time: Double
    var line: UInt64
    /// Ticket of the operation that waits for it; -1 for writes.
    var ticket: Int32
    /// GPC within the half, for the coalescer.
    var gpc: UInt8
    var sectors: UInt8
    /// Sectors written in every byte.
    var wholeSectors: UInt8
    var kind: Kind

    enum Kind: UInt8 {
        case read, write, reduction
        /// Asks whether the block's writes to the partitions in `sectors` have been performed.
        case fence
    }
}

/// A request that one half's L2 partition passes to the line's home in the other.
struct FabricRequest: BitwiseCopyable {
    /// Cycle at which it enters the fabric, on the requester's time base.
    var time: Double
    var line: UInt64
    /// Position among the window's reads of the requesting half; -1 where nobody waits.
    var read: Int32
    var sectors: UInt8
    var wholeSectors: UInt8
    var kind: Kind

    enum Kind: UInt8 {
        case read, write, reduction, fence
        /// Drops stale sectors of a copy; not a lookup that is counted.
        case dropCopy
    }
}

/// The answer to a fabric read.
struct FabricResponse: BitwiseCopyable {
    var read: Int32
    var line: UInt64
    /// Cycle at which the sectors reach the SM.
    var arrival: Double
}
