/// What blocks signal, and their waits for signals.
struct FlagWaits: ~Copyable {
    /// What was signalled so far.
    let board: FlagBoard
    /// Address of the launch's flags.
    private(set) var address: UInt64 = 0
    /// Signals of the running window.
    var signals = Buffer<FlagSignal>(capacity: 64)
    /// Resident blocks that wait for flags.
    var waiting = 0
    /// The polls of each slot's block, and those held back for a skip.
    private(set) var polls = Buffer<PollState>(repeating: PollState(), count: 0)
    var holdsPolls = false
    var held = Buffer<HeldPoll>(capacity: 16)

    init(board: FlagBoard) { self.board = board }

    mutating func beginLaunch(address: UInt64, slots: Int) {
        self.address = address
        signals.removeAll()
        waiting = 0
        polls = Buffer(repeating: PollState(), count: slots)
        holdsPolls = false
        held.removeAll()
    }
}
