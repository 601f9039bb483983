/// The flags of one launch. For each flag it holds how often blocks signalled it, and when they did so recently.
///
/// Halves only read the board while they advance. Their signals of a window enter the board between windows. A poll's
/// answer reaches its block a window later at the earliest, so it sees every signal that reached the L2 before the
/// poll.
final class FlagBoard: @unchecked Sendable {
    private struct Flag {
        /// The number of signals that every future poll sees.
        var count = 0
        /// Cycles at which further signals reach the L2.
        var recent: [Double] = []
    }

    private var flags: [UInt32: Flag] = [:]

    func removeAll() { flags.removeAll(keepingCapacity: true) }

    /// Counts a signal that reaches the L2 at `time`.
    /// - Parameter horizon: no future poll looks the flag up before this cycle.
    func signal(_ flag: UInt32, at time: Double, horizon: Double) {
        var state = flags.removeValue(forKey: flag) ?? Flag()
        let before = state.recent.count
        state.recent.removeAll { $0 <= horizon }
        state.count += before - state.recent.count
        state.recent.append(time)
        flags[flag] = state
    }

    /// The number of signals of a flag, including those on their way.
    func signals(_ flag: UInt32) -> Int {
        guard let state = flags[flag] else { return 0 }
        return state.count + state.recent.count
    }

    /// Whether a poll that looks the flag up at `time` sees at least `count` signals.
    func shows(_ flag: UInt32, count: UInt32, at time: Double) -> Bool {
        guard count > 0 else { return true }
        guard let state = flags[flag] else { return false }
        return state.count >= Int(count) || state.count + state.recent.count { $0 <= time } >= Int(count)
    }
}

/// A signal on its way to the L2.
struct FlagSignal: BitwiseCopyable {
    /// Cycle at which it reaches the L2.
    var time: Double
    var flag: UInt32
}
