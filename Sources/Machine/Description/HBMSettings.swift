/// The memory behind the L2.
package struct HBMSettings: Equatable, Sendable {
    /// Bytes per second at the pins, all channels together.
    package var bytesPerSecond: Double = 0
    /// Channels of equal bandwidth.
    package var channels = 0
    /// Consecutive bytes that belong to one channel before the next takes over.
    package var interleaveBytes = 0
    /// Least load-to-use latency from an SM of the home's own side, in cycles, unloaded.
    package var nearLatencyCycles = 0
    /// Least load-to-use latency from an SM of the other side, in cycles, unloaded.
    package var farLatencyCycles = 0
    /// Share of the pin bandwidth that pure reading reaches.
    package var readEfficiency: Double = 0
    /// Share of the pin bandwidth that pure writing reaches.
    package var writeEfficiency: Double = 0
    /// Nanoseconds that a channel loses when it changes between reading and writing.
    package var turnaroundNanoseconds: Double = 0
    /// Bytes that a channel serves in one direction before it changes, when both wait.
    package var directionBurstBytes = 0
    /// Cycles that the channels may be booked ahead on average before stores wait.
    package var backlogCycles: Double = 0
    /// Width in cycles of the even spread of delays that accesses add to the least latency (rows, banks).
    package var jitterCycles: Double = 0
    /// Share of accesses that meet a further delay (refresh), 0...1.
    package var slowShare: Double = 0
    /// Width in cycles of the even spread of that further delay.
    package var slowCycles: Double = 0
}
