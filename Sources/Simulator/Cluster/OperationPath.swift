import Trace

/// Where the SMs of a half send their memory operations: L1s, and behind them the way to the L2.
///
/// `requests` are an operation's lines, in order. Each function says when the SM's port has taken them, from `start`
/// on.
protocol OperationPath: ~Copyable {
    /// Reads lines; each that is missing is answered once, to `ticket`.
    mutating func read(
        _ requests: [LineRequest], kind: AccessKind, throughL1: Bool, sm: Int, ticket: Int32, at start: Double
    ) -> ReadOutcome

    /// Stores lines, which nothing waits for.
    /// - Returns: the cycle at which the port has taken all.
    mutating func store(_ requests: [LineRequest], kind: AccessKind, sm: Int, at start: Double) -> Double

    /// Sends reductions or, where a ticket waits for the results, atomics, each of which is answered once.
    /// - Parameter ticket: what waits, or -1.
    /// - Returns: the cycle at which the port has taken all, and the partitions asked: bit 0 the SMs' own, bit 1 the
    ///   other.
    mutating func reduce(_ requests: [LineRequest], sm: Int, ticket: Int32, at start: Double) -> (
        free: Double, homes: UInt8
    )

    /// Asks whether an SM's writes to the partitions in `homes` have been performed; answered once, to `ticket`.
    mutating func fence(homes: UInt8, sm: Int, ticket: Int32, at time: Double)

    /// Drops the lines of an SM's L1.
    mutating func invalidate(sm: Int)
}
