/// The flags of one launch: how often each was signalled, and when last.
///
/// Halves only read it while they advance; what they signal in a window enters between windows, in the order of time. A poll's
/// answer reaches its block a window later at the earliest, so it finds every signal that came to the L2 before it.
final class FlagBoard: @unchecked Sendable {
    private struct Flag {
        var count: UInt32 = 0
        var lastTime = -Double.infinity
    }

    private var flags: [UInt32: Flag] = [:]

    func removeAll() { flags.removeAll(keepingCapacity: true) }

    /// Counts a signal that reaches the L2 at `time`.
    func signal(_ flag: UInt32, at time: Double) {
        var state = flags[flag] ?? Flag()
        state.count &+= 1
        state.lastTime = max(state.lastTime, time)
        flags[flag] = state
    }

    /// Whether a poll that is looked up at `time` sees at least `count` signals.
    func shows(_ flag: UInt32, count: UInt32, at time: Double) -> Bool {
        guard count > 0 else { return true }
        guard let state = flags[flag] else { return false }
        return state.count > count || (state.count == count && state.lastTime <= time)
    }
}

/// A signal on its way to the L2.
struct FlagSignal: BitwiseCopyable {
    /// Cycle at which it arrives there.
    var time: Double
    var flag: UInt32
}

/// A block that has executed all operations of a part of its program.
struct EndedPart: BitwiseCopyable {
    var time: Double
    /// Slot within the half.
    var slot: Int32
}
