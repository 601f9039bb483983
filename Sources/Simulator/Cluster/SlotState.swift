/// One place for a resident thread block on an SM.
struct SlotState: BitwiseCopyable {
    /// Linear number of the resident block; -1 while the slot is empty.
    var block: Int32 = -1
    /// Index of the next operation.
    var position: Int32 = 0
    /// Cycle at which the block started.
    var start = 0.0
    /// Cycle of the last change of `use`.
    var since = 0.0
    var use = TimeUse.start
    var wait = Wait.none
    /// Operations with loads or atomics on their way, and the latest arrival of those that came.
    var loadsOutstanding: Int32 = 0
    var loadsReady = 0.0
    /// Groups of asynchronous copies closed so far; the open group has this number.
    var committedGroups: Int32 = 0
    /// First group that no wait has covered yet.
    var firstOpenGroup: Int32 = 0
    /// Groups below this number are waited for.
    var wantedGroups: Int32 = 0
    /// Warp instructions per warp left of the running compute step, cycles per instruction, and pipe use per
    /// instruction.
    var instructionsLeft = 0.0
    var cyclesPerInstruction = 0.0
    /// Cycles between its warps' instructions if they were alone.
    var interval = 0.0
    var pipeUse = 0.0
    /// Cycle at which the port has taken everything that the block asked for or stored.
    var portUntil = 0.0
    /// The same for what it asked for alone: instructions behind it wait.
    var requestsUntil = 0.0
    /// Partitions written to since the last fence: bit 0 this half's, bit 1 the other.
    var unfenced: UInt8 = 0
    /// Whether barriers keep the block's warps together; if not, each waits for its own lines alone.
    var isJoined = true
    /// Whether the program may go on with another part.
    var hasNextPart = false
    /// How far the signal or the wait for a flag at `position` has come.
    var phase = FlagPhase.none

    enum Wait: UInt8 {
        case none, compute, computed, loads, groups, drain, missSlots
    }

    enum FlagPhase: UInt8 {
        case none
        /// A signal's fence has been asked for.
        case fenced
        /// A poll has been asked for.
        case polled
        /// A poll did not show the count; the next one follows.
        case pausing
    }
}

/// What an SM's blocks share.
struct SMState: BitwiseCopyable {
    /// Blocks that compute now.
    var computing: Int32 = 0
    /// Whether none of these ever ends.
    var computesForEver = false
    /// Generation of the SM's latest compute event.
    var generation: UInt32 = 0
    /// Cycle to which the compute steps' progress has been brought.
    var progressTime = 0.0
    /// Cycle at which the L1 takes the next line, having passed on to the L2 everything asked for and stored so far.
    var portFree = 0.0
    /// Line requests on their way.
    var outstandingLines: Int32 = 0
    /// Blocks that wait for miss slots.
    var waitingForMissSlots: Int32 = 0
    /// Cycles at which the fence on its way, and the last one behind it, have asked all slices.
    var fenceEnd = 0.0
    var lastFenceEnd = 0.0
    /// Whether any block ran here.
    var wasActive = false
    /// Blocks that have begun and not ended.
    var resident: Int32 = 0
    /// Blocks that have ended, and the sum of their lifetimes in cycles.
    var endedBlocks: Int32 = 0
    var lifetimeCycles = 0.0
    /// Start of the first block and end of the last one so far.
    var firstStart = 0.0
    var lastEnd = 0.0
    /// Cycles between these without any resident block.
    var emptyCycles = 0.0
}

/// An operation whose line requests are on their way.
struct Ticket: BitwiseCopyable {
    var slot: Int32
    var remaining: Int32
    var lines: Int32
    /// Ring cell of the copy group, or `Ticket.loads`.
    var cell: Int32
    /// Latest arrival so far, in cycles; of the present warp's lines where warps go on by themselves.
    var arrival: Double
    /// Lines of a warp where warps go on by themselves; 0 where the operation's arrival is that of its last line.
    var linesPerWarp: Int32 = 0
    /// Sum of the latest arrivals of the warps before.
    var arrivals = 0.0

    static let loads: Int32 = -1
}
