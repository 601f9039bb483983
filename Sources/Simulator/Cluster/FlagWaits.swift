/// The signals that blocks send, the waits of blocks for signals, and their use of locks.
struct FlagWaits: ~Copyable {
    /// The signals up to the running window.
    let board: FlagBoard
    /// Address of the launch's flags.
    private(set) var address: UInt64 = 0
    /// Signals of the running window.
    var signals = Buffer<FlagSignal>(capacity: 64)
    /// The number of resident blocks that wait for flags.
    var waiting = 0
    /// The compare-and-swaps and exchanges of locks of the running window.
    var lockRequests = Buffer<LockRequest>(capacity: 64)
    /// The number of resident blocks that wait for locks.
    var waitingForLocks = 0
    /// The polls of each slot's block, and the polls that are held back for a skip.
    private(set) var polls = Buffer<PollState>(repeating: PollState(), count: 0)
    var holdsPolls = false
    var held = Buffer<HeldPoll>(capacity: 16)

    init(board: FlagBoard) { self.board = board }

    mutating func beginLaunch(address: UInt64, slots: Int) {
        self.address = address
        signals.removeAll()
        waiting = 0
        lockRequests.removeAll()
        waitingForLocks = 0
        polls = Buffer(repeating: PollState(), count: slots)
        holdsPolls = false
        held.removeAll()
    }
}
