/// The memory behind the L2.
package struct HBMSettings: Equatable, Sendable {
    /// Bytes per second at the pins of all channels together.
    package var bytesPerSecond: Double = 0
    /// Channels of equal bandwidth.
    package var channels = 0
    /// Consecutive bytes that belong to one channel. The next channel has the bytes after them.
    package var interleaveBytes = 0
    /// Least load-to-use latency without load, in cycles, from an SM on the side of the line's home.
    package var nearLatencyCycles = 0
    /// Least load-to-use latency without load, in cycles, from an SM on the other side.
    package var farLatencyCycles = 0
    /// Share of the pin bandwidth that pure reading reaches.
    package var readEfficiency: Double = 0
    /// Share of the pin bandwidth that pure writing reaches.
    package var writeEfficiency: Double = 0
    /// Nanoseconds that a channel loses when it changes between reading and writing.
    package var turnaroundNanoseconds: Double = 0
    /// Bytes that a channel serves in one direction before it changes, if both directions wait.
    package var directionBurstBytes = 0
    /// Cycles that the channels may be booked ahead on average before stores wait.
    package var backlogCycles: Double = 0
    /// Accesses add a delay to the least latency (rows, banks). The delays are spread evenly over this many cycles.
    package var jitterCycles: Double = 0
    /// Share of accesses that meet a further delay (refresh), 0...1.
    package var slowShare: Double = 0
    /// These further delays are spread evenly over this many cycles.
    package var slowCycles: Double = 0
}
