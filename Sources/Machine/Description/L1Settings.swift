import Replacement

/// The L1 data cache of an SM; its capacity is what the shared-memory carve-out leaves of `sm.unified`.
package struct L1Settings: Equatable, Sendable {
    /// Line length in bytes.
    package var lineBytes: Int
    /// Sector length in bytes; a line has 1 to 8 sectors.
    package var sectorBytes: Int
    /// Ways of a set.
    package var ways: Int
    /// Which line of a full set leaves.
    package var replacement: ReplacementPolicy
    /// Seed of random replacement.
    package var seed: Int
    /// How lines choose sets.
    package var hash: SetHash
    /// What happens to stores.
    package var writePolicy: WritePolicy
    /// Whether a store that misses allocates its line.
    package var allocatesOnWrite: Bool
    /// Load-to-use latency of a hit in cycles.
    package var hitLatencyCycles: Int
    /// Bytes that one SM asks of the L2 side per cycle.
    package var fillBytesPerCycle: Double
    /// Bytes that one SM sends towards the L2 per cycle.
    package var storeBytesPerCycle: Double
    /// Cycles that the port may be booked ahead before a block's next memory operation waits.
    package var backlogCycles: Double
    /// Bytes that hits deliver per cycle.
    package var hitBytesPerCycle: Double
    /// Lines that may be on their way from the L2 at one time.
    package var missesInFlight: Int
}
