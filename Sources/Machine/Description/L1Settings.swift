import Replacement

/// The L1 data cache of an SM. Its capacity is what the shared-memory carve-out leaves of `sm.unified`.
package struct L1Settings: Equatable, Sendable {
    /// Line length in bytes.
    package var lineBytes = 0
    /// Sector length in bytes. A line has 1 to 8 sectors.
    package var sectorBytes = 0
    /// Ways of a set.
    package var ways = 0
    /// Bytes of the lines that the tags can name, whatever the carve-out. 0: those that the carve-out leaves.
    package var tagBytes = 0
    /// Bytes of the capacity that hold no lines.
    package var reserveBytes = 0
    /// Which line of a full set leaves.
    package var replacement = ReplacementPolicy.lru
    /// Seed of random replacement.
    package var seed = 0
    /// How lines choose sets.
    package var hash = SetHash.modulo
    /// What happens to stores.
    package var writePolicy = WritePolicy.writeBack
    /// Whether a store that misses allocates its line.
    package var allocatesOnWrite = false
    /// Load-to-use latency of a hit in cycles.
    package var hitLatencyCycles = 0
    /// Bytes that one SM asks of the L2 side per cycle.
    package var fillBytesPerCycle: Double = 0
    /// The same for bulk copies.
    package var bulkFillBytesPerCycle: Double = 0
    /// Bytes that one SM sends towards the L2 per cycle.
    package var storeBytesPerCycle: Double = 0
    /// Cycles that the port may be booked ahead. Beyond them a block's next memory operation waits.
    package var backlogCycles: Double = 0
    /// Bytes that hits deliver per cycle: one sector of each place in a line.
    package var hitBytesPerCycle: Double = 0
    /// Least cycles of the port for each line of a warp request.
    package var lineIntervalCycles: Double = 0
    /// Lines that may be on their way from the L2 at one time.
    package var missesInFlight = 0
}
