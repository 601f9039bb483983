/// The polls of a block that waits for a flag.
struct PollState: BitwiseCopyable {
    /// Cycle of the last poll; infinity before the first.
    private(set) var last = Double.infinity
    /// Cycles between the last poll and the one before.
    private(set) var period = 0.0
    /// Polls in a row, the last one included, that came as long after the one before as that one did, and by the same
    /// way.
    private(set) var steady = 0
    /// Whether the coalescer answers the last poll together with another read.
    var isMerged = false
    private var wasMerged = false

    /// Notes a poll at `time`.
    mutating func begin(at time: Double) {
        let next = time - last
        // Late in a long launch the clock's last digit moves.
        steady = abs(next - period) <= 1e-9 * time && isMerged == wasMerged ? steady + 1 : 0
        (last, period) = (time, next)
        (wasMerged, isMerged) = (isMerged, false)
    }

    /// Whether the last poll's way was that of the polls before.
    var isSteady: Bool { steady >= 2 && period > 0 && isMerged == wasMerged }

    /// Goes on by `count` polls.
    mutating func skip(_ count: Double) { last += count * period }
}

/// A poll that is held back until polls are skipped.
struct HeldPoll: BitwiseCopyable {
    /// Cycle at which it would be asked for.
    var time: Double
    var slot: Int32
}
