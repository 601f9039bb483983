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
    /// The number of operations with loads or atomics on their way. `loadsReady` is the latest arrival among those that
    /// are complete.
    var loadsOutstanding: Int32 = 0
    var loadsReady = 0.0
    /// The number of groups of asynchronous copies closed so far. The open group has this number.
    var committedGroups: Int32 = 0
    /// The first group that no wait has covered yet.
    var firstOpenGroup: Int32 = 0
    /// The block waits for the groups below this number.
    var wantedGroups: Int32 = 0
    /// The rest of the running compute step in instructions per warp, the cycles per instruction, and below them the
    /// pipe use per instruction.
    var instructionsLeft = 0.0
    var cyclesPerInstruction = 0.0
    /// Cycles between the instructions of one of its warps if that warp ran alone.
    var interval = 0.0
    var pipeUse = 0.0
    /// Cycle at which the port has taken all loads and stores of the block.
    var portUntil = 0.0
    /// Cycle at which the port has taken all loads of the block. The instructions behind them wait for it.
    var requestsUntil = 0.0
    /// Cycles at which the block's last `beginProducts` end, the latest first.
    var productEnds = SIMD4<Double>(repeating: 0)
    /// Partitions that the block wrote to since the last fence: bit 0 is this half's, bit 1 the other.
    var unfenced: UInt8 = 0
    /// Whether the block's warps meet at a barrier before they wait for loads once more. If not, each warp waits only
    /// for its own lines. This holds for the operations before `joinEnd`.
    var isJoined = true
    var joinEnd: Int32 = 0
    /// Whether the program may continue with another part.
    var hasNextPart = false
    /// The progress of the signal, the wait for a flag or the use of a lock at `position`.
    var phase = FlagPhase.none

    enum Wait: UInt8 {
        case none, compute, computed, loads, groups, drain, missSlots
    }

    enum FlagPhase: UInt8 {
        case none
        /// The block has sent a signal's fence.
        case fenced
        /// The block has sent a poll.
        case polled
        /// A poll did not show the count. The next one follows.
        case pausing
        /// The block has sent the fence before a compare-and-swap of a lock.
        case lockFenced
        /// The block has sent the compare-and-swap.
        case lockAsked
        /// It took the lock, or found it taken. Its answer is on its way.
        case lockTaken, lockRefused
        /// It found the lock taken. The next fence follows.
        case lockPausing
    }
}

/// The state that an SM's blocks share.
struct SMState: BitwiseCopyable {
    /// The number of blocks that compute now.
    var computing: Int32 = 0
    /// Whether none of these blocks ever finishes its compute step.
    var computesForEver = false
    /// Generation of the SM's latest compute event.
    var generation: UInt32 = 0
    /// Cycle up to which the progress of the compute steps is computed.
    var progressTime = 0.0
    /// Cycle at which the L1 takes the next line. By then it has passed on to the L2 all loads and stores so far.
    var portFree = 0.0
    /// Cycle at which the tensor cores have executed all that `beginProducts` gave them.
    var productsFree = 0.0
    /// The number of line requests on their way.
    var outstandingLines: Int32 = 0
    /// The number of blocks that wait for miss slots.
    var waitingForMissSlots: Int32 = 0
    /// Cycles at which two fences have asked all slices: the one on its way, and the last one behind it.
    var fenceEnd = 0.0
    var lastFenceEnd = 0.0
    /// Whether any block ran here.
    var wasActive = false
    /// The number of blocks that have begun and not ended.
    var resident: Int32 = 0
    /// The number of blocks that have ended, and the sum of their lifetimes in cycles.
    var endedBlocks: Int32 = 0
    var lifetimeCycles = 0.0
    /// Start of the first block, and end of the last block so far.
    var firstStart = 0.0
    var lastEnd = 0.0
    /// Cycles between these two without any resident block.
    var emptyCycles = 0.0
}

/// An operation whose line requests are on their way.
struct Ticket: BitwiseCopyable {
    var slot: Int32
    var remaining: Int32
    var lines: Int32
    /// Ring cell of the copy group, or `Ticket.loads`.
    var cell: Int32
    /// Latest arrival so far, in cycles. If warps continue by themselves, it covers only the present warp's lines.
    var arrival: Double
    /// Lines of a warp if warps continue by themselves; 0 if the operation arrives with its last line.
    var linesPerWarp: Int32 = 0
    /// Sum of the latest arrivals of the warps before the present one.
    var arrivals = 0.0

    static let loads: Int32 = -1
}
