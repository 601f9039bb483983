/// One line's sectors on their way from an SM to the L2.
struct SectorRequest: BitwiseCopyable {
    /// Cycle at which it leaves the SM.
    var time: Double
    var line: UInt64
    /// Ticket of the operation that waits for the answer; -1 for writes.
    var ticket: Int32
    /// Number of its GPC within the half, for the coalescer.
    var gpc: UInt8
    var sectors: UInt8
    /// The sectors of which the request writes every byte.
    var wholeSectors: UInt8
    var kind: Kind

    enum Kind: UInt8 {
        case read, write, reduction
        /// A read whose answer goes to several SMs. The coalescer merges it with no other.
        case multicast
        /// Asks whether the partitions in `sectors` have performed the block's writes.
        case fence
    }
}

/// A request that one half's L2 partition passes to the line's home in the other half.
struct FabricRequest: BitwiseCopyable {
    /// Cycle at which it enters the fabric, on the requester's time base.
    var time: Double
    var line: UInt64
    /// Position among the reads of the requesting half's window; -1 if nothing waits.
    var read: Int32
    var sectors: UInt8
    var wholeSectors: UInt8
    var kind: Kind

    enum Kind: UInt8 {
        case read, write, reduction, fence
        /// Drops stale sectors of a copy. It does not count as a lookup.
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
