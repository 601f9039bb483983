/// The polls of a block that waits for a flag.
struct PollState: BitwiseCopyable {
    /// Cycle of the last poll; infinity before the first one.
    private(set) var last = Double.infinity
    /// Cycles between the last poll and the one before.
    private(set) var period = 0.0
    /// The number of consecutive polls, up to the last one, that repeated the poll before them: they came after the
    /// same period and took the same way.
    private(set) var steady = 0
    /// Whether the coalescer answers the last poll together with another read.
    var isMerged = false
    private var wasMerged = false

    /// Notes a poll at `time`.
    mutating func begin(at time: Double) {
        let next = time - last
        // The clock's last digit moves late in a long launch.
        steady = abs(next - period) <= 1e-9 * time && isMerged == wasMerged ? steady + 1 : 0
        (last, period) = (time, next)
        (wasMerged, isMerged) = (isMerged, false)
    }

    /// Whether the last poll took the same way as the polls before.
    var isSteady: Bool { steady >= 2 && period > 0 && isMerged == wasMerged }

    /// Moves on by `count` polls.
    mutating func skip(_ count: Double) { last += count * period }
}

/// A poll that the simulation holds back until it skips polls.
struct HeldPoll: BitwiseCopyable {
    /// Cycle at which the block would send it.
    var time: Double
    var slot: Int32
}
