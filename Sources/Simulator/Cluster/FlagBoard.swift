/// The flags of one launch: how often each was signalled, and when of late.
///
/// Halves only read it while they advance; what they signal in a window enters between windows. A poll's answer reaches
/// its block a window later at the earliest, so it finds every signal that came to the L2 before it.
final class FlagBoard: @unchecked Sendable {
    private struct Flag {
        /// Signals that every poll to come sees.
        var count = 0
        /// Cycles at which further ones reach the L2.
        var recent: [Double] = []
    }

    private var flags: [UInt32: Flag] = [:]

    func removeAll() { flags.removeAll(keepingCapacity: true) }

    /// Counts a signal that reaches the L2 at `time`.
    /// - Parameter horizon: no poll to come is looked up before.
    func signal(_ flag: UInt32, at time: Double, horizon: Double) {
        var state = flags.removeValue(forKey: flag) ?? Flag()
        let before = state.recent.count
        state.recent.removeAll { $0 <= horizon }
        state.count += before - state.recent.count
        state.recent.append(time)
        flags[flag] = state
    }

    /// Signals of a flag, those on their way included.
    func signals(_ flag: UInt32) -> Int {
        guard let state = flags[flag] else { return 0 }
        return state.count + state.recent.count
    }

    /// Whether a poll that is looked up at `time` sees at least `count` signals.
    func shows(_ flag: UInt32, count: UInt32, at time: Double) -> Bool {
        guard count > 0 else { return true }
        guard let state = flags[flag] else { return false }
        return state.count >= Int(count) || state.count + state.recent.count { $0 <= time } >= Int(count)
    }
}

/// A signal on its way to the L2.
struct FlagSignal: BitwiseCopyable {
    /// Cycle at which it arrives there.
    var time: Double
    var flag: UInt32
}
