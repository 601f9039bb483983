/// The memory behind the L2.
package struct HBMSettings: Equatable, Sendable {
    /// Bytes per second at the pins, all channels together.
    package var bytesPerSecond: Double
    /// Channels of equal bandwidth.
    package var channels: Int
    /// Consecutive bytes that belong to one channel before the next takes over.
    package var interleaveBytes: Int
    /// Load-to-use latency from an SM of the home's own side, in cycles, unloaded.
    package var nearLatencyCycles: Int
    /// Load-to-use latency from an SM of the other side, in cycles, unloaded.
    package var farLatencyCycles: Int
    /// Share of the pin bandwidth that pure reading reaches.
    package var readEfficiency: Double
    /// Share of the pin bandwidth that pure writing reaches.
    package var writeEfficiency: Double
    /// Nanoseconds that a channel loses when it changes between reading and writing.
    package var turnaroundNanoseconds: Double
    /// Bytes that a channel serves in one direction before it changes, when both wait.
    package var directionBurstBytes: Int
    /// Scale in cycles of the queueing delay q * rho / (1 - rho) at a utilisation rho.
    package var queueCycles: Double
}
