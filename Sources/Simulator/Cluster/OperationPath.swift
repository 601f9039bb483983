import Trace

/// Takes the memory operations of a half's SMs: the L1s and the way to the L2 behind them.
///
/// `requests` are the lines of an operation, in order. The functions that take requests return when the SM's port has
/// taken them, if it begins at `start`.
protocol OperationPath: ~Copyable {
    /// Reads lines. Every missing line is answered once, to `ticket`.
    /// - Parameter receivers: the SMs that take the data, this one included. Each takes as much of such data as it
    ///   sends to others, since the blocks of a cluster divide what they share.
    mutating func read(
        _ requests: [LineRequest], kind: AccessKind, throughL1: Bool, receivers: Int, sm: Int, ticket: Int32,
        at start: Double
    ) -> ReadOutcome

    /// Stores lines. Nothing waits for a store.
    /// - Returns: the cycle at which the port has taken all lines.
    mutating func store(_ requests: [LineRequest], kind: AccessKind, sm: Int, at start: Double) -> Double

    /// Sends reductions, or atomics if a ticket waits for their results. Every atomic is answered once.
    /// - Parameters:
    ///   - isBulk: whether a bulk copy does it.
    ///   - ticket: the ticket that waits, or -1.
    /// - Returns: the cycle at which the port has taken all lines, and the partitions that are asked. Bit 0 is the SMs'
    ///   own partition, bit 1 the other.
    mutating func reduce(_ requests: [LineRequest], isBulk: Bool, sm: Int, ticket: Int32, at start: Double) -> (
        free: Double, homes: UInt8
    )

    /// Asks whether the partitions in `homes` have performed an SM's writes. The answer comes once, to `ticket`.
    mutating func fence(homes: UInt8, sm: Int, ticket: Int32, at time: Double)

    /// Drops the lines of an SM's L1.
    mutating func invalidate(sm: Int)
}
