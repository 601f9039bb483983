import Replacement

/// The L2: one or two partitions of slices. A partition can hold copies of lines whose home is the other one.
package struct L2Settings: Equatable, Sendable {
    /// Bytes of all partitions together.
    package var capacityBytes = 0
    /// Partitions: 1 or 2. With two, every line has a home partition.
    package var partitions = 0
    /// Slices of all partitions together.
    package var slices = 0
    /// Ways of a set.
    package var ways = 0
    /// Line length in bytes.
    package var lineBytes = 0
    /// Sector length in bytes. A line has 1 to 8 sectors.
    package var sectorBytes = 0
    /// Which line of a full set leaves.
    package var replacement = ReplacementPolicy.lru
    /// Seed of random replacement.
    package var seed = 0
    /// How lines choose sets within their partition.
    package var hash = SetHash.modulo
    /// Bytes of one chunk of addresses. A hash of the chunk's number chooses the home partition.
    package var homeChunkBytes = 0
    /// What happens to written sectors.
    package var writePolicy = WritePolicy.writeBack
    /// Share of a set's ways that may be dirty before its oldest dirty line is written to HBM.
    package var dirtyShare: Double = 0
    /// Age of a line in its set, as a share of the ways. A dirty line of this age or older is written to HBM ahead of
    /// its eviction; 1 means never.
    package var cleanAge: Double = 0
    /// Whether a far read leaves a copy in the reader's partition.
    package var copiesFarReads = false
    /// Whether a far write leaves a copy in the writer's partition.
    package var copiesFarWrites = false
    /// Whether the far side's lookup at home makes the home line young again.
    package var fabricHitRefreshesHome = false
    /// Bytes fetched from HBM at a time. Missing sectors are widened to aligned pieces of this length.
    package var fetchBytes = 0
    /// Least load-to-use latency of a hit in the own partition, in cycles.
    package var nearLatencyCycles = 0
    /// Least load-to-use latency of a hit in the other partition, in cycles.
    package var farLatencyCycles = 0
    /// The near latency differs between slices. It is spread evenly over this many cycles above `nearLatencyCycles`.
    package var nearSpreadCycles: Double = 0
    /// The far latency differs between slices. It is spread evenly over this many cycles above `farLatencyCycles`.
    package var farSpreadCycles: Double = 0
    /// Bytes that one slice delivers per cycle.
    package var sliceBytesPerCycle: Double = 0
    /// Bytes that cross between the partitions per cycle, each way.
    package var fabricBytesPerCycle: Double = 0
    /// Cycles that the fabric may be booked ahead before stores wait. The same limit holds for a slice's atomic unit,
    /// where reductions wait.
    package var fabricBacklogCycles: Double = 0
    /// Cycles of a slice's atomic unit per sector of a reduction or atomic.
    package var reductionSectorCycles: Double = 0
    /// Least cycles from one reduction or atomic on a sector to the next one on the same sector.
    package var reductionRepeatCycles: Double = 0
}
