import Machine
import Trace

/// One half of the machine: the SMs behind one L2 partition, their L1s and coalescers, the partition and its memory channels.
///
/// A half advances alone for one window at a time (`runWindow`), then serves what the other half's window asked of it
/// (`serveHome`). The two steps never touch the other half's state, except for reading the queues that it filled in the step
/// before; halves may therefore run on two threads with the same results as on one.
struct Half: ~Copyable {
    let index: Int
    let map: AddressMap
    /// Machine-wide numbers of this half's SMs.
    let smNumbers: [Int]
    /// GPC of each SM, counted within the half.
    let gpcOfSM: [UInt8]
    /// What the first wave's start-up takes less or more on each SM than on the mean one, as a share of the spread, -0.5...0.5;
    /// equal within a cluster.
    let startUpShare: [Double]
    var configuration: EngineConfiguration
    let coalesces: Bool

    // SMs
    var programs: [BlockProgram] = []
    var slots = FixedBuffer<SlotState>(repeating: SlotState(), count: 0)
    var groupOutstanding = FixedBuffer<Int32>(repeating: 0, count: 0)
    var groupReady = FixedBuffer<Double>(repeating: 0, count: 0)
    var sms = FixedBuffer<SMState>(repeating: SMState(), count: 0)
    var events = EventQueue()
    var tickets = RequestQueue<Ticket>(capacity: 1024)
    var freeTickets = RequestQueue<Int32>(capacity: 1024)
    var l1: TagStore
    var l1Index: SetIndex
    var expander: RequestExpander

    // SM to L2
    var buckets: TimeBuckets
    var arrived = RequestQueue<SectorRequest>(capacity: 4096)
    var limiter: RequestLimiter
    var coalescer: RequestCoalescer
    var reads = RequestQueue<WaitingRead>(capacity: 4096)
    var answers = RequestQueue<Double>(capacity: 4096)
    var merged = RequestQueue<MergedRead>(capacity: 1024)

    // L2 and memory
    var partition: L2Partition
    var channels: MemoryChannels
    let pending = PendingFills()
    let jitter: MemoryJitter
    var sliceFree: FixedBuffer<Double>
    var atomicUnits: AtomicUnits
    var fabricFree = 0.0
    var fabricRequests = RequestQueue<FabricRequest>(capacity: 4096)
    var fabricResponses = RequestQueue<FabricResponse>(capacity: 4096)
    var memoryRequests = RequestQueue<MemoryRequest>(capacity: 4096)
    /// How many of `memoryRequests` come from this half's own SMs; the rest come over the fabric.
    var ownMemoryRequests = 0

    // Results
    var counters = Counters()
    var lifetimes = LifetimeHistogram()
    var useCycles = FixedBuffer<Double>(repeating: 0, count: TimeUse.allCases.count)
    var freed = RequestQueue<FreedSlot>(capacity: 256)
    var activeBlocks = 0
    var lastBlockEnd = 0.0
    /// The window that runs now; requests can join it and later ones only.
    var runningWindow = 0
    /// Cycles of slots between a block's end and the next one's start.
    var turnaroundCycles = 0.0
    /// Cycles between requests and answers of all reads, and the part of them that was spent in queues.
    var answerCycles = 0.0
    var queueCycles = 0.0
    /// Address of the launch's flags, what was signalled so far, and this half's signals of the running window.
    var flagsAddress: UInt64 = 0
    let board: FlagBoard
    var signals = RequestQueue<FlagSignal>(capacity: 64)
    /// Resident blocks that wait for flags.
    var blocksAtFlags = 0
    /// How much of a long operation each slot's block has performed.
    var pieces = FixedBuffer<PieceProgress>(repeating: PieceProgress(), count: 0)
    /// The polls of each slot's block, and those held back for a skip.
    var polls = FixedBuffer<PollState>(repeating: PollState(), count: 0)
    var holdsPolls = false
    var heldPolls = RequestQueue<HeldPoll>(capacity: 16)
    /// Whether blocks' programs come in parts, and the parts that ended in the running window.
    var hasParts = false
    var endedParts = RequestQueue<EndedPart>(capacity: 64)
    /// Lines whose traffic with memory is counted apart, and that traffic in bytes.
    var watched = WatchedLines()
    /// Whether ended blocks are kept for an observer.
    var isRecording = false
    var records = RequestQueue<BlockRecord>(capacity: 64)
    /// Cycles of each slot's block by what they went to; empty unless `isRecording`.
    var slotUses = FixedBuffer<SIMD16<Float>>(repeating: SIMD16(), count: 0)
    /// Cycle until which memory is booked too far ahead for stores to go on; set between windows.
    var storesWaitUntil = 0.0
    /// The same for the fabric, and for reductions of a slice's atomic unit.
    var fabricWaitUntil = 0.0
    var reductionsWaitUntil = 0.0

    /// Cells of the ring in which a block's groups of asynchronous copies are counted.
    static var groupCells: Int { 16 }

    init(index: Int, machine: MachineDescription, configuration: EngineConfiguration, board: FlagBoard) {
        self.index = index
        self.board = board
        self.configuration = configuration
        let partitions = machine.l2.partitions
        let numbers = machine.gpcs.partitionOfSM.indices.filter { machine.gpcs.partitionOfSM[$0] == index }
        smNumbers = numbers
        let gpcs = Array(Set(numbers.map { machine.gpcs.gpcOfSM[$0] })).sorted()
        gpcOfSM = numbers.map { UInt8(gpcs.firstIndex(of: machine.gpcs.gpcOfSM[$0]) ?? 0) }
        var seen: [Int: Int] = [:]
        startUpShare = numbers.map { number in
            let gpc = machine.gpcs.gpcOfSM[number]
            let cluster = seen[gpc, default: 0] / machine.settings.gpcs.clusterSize
            seen[gpc, default: 0] += 1
            return Double(AddressMap.mix(UInt64(gpc * 1000 + cluster)) & 0xFFFF) / 65535 - 0.5
        }
        map = AddressMap(
            lineBytes: machine.l2.lineBytes, partitions: partitions, homeChunkBytes: machine.l2.homeChunkBytes,
            slices: machine.l2.slices / partitions, channels: max(1, machine.hbm.channels / partitions),
            interleaveBytes: machine.hbm.interleaveBytes)
        coalesces = machine.coalescer.enabled
        l1 = TagStore(sets: 1, ways: machine.l1.ways, replacement: machine.l1.replacement, seed: UInt64(machine.l1.seed))
        l1Index = SetIndex(hash: machine.l1.hash, sets: 1)
        expander = RequestExpander(geometry: configuration.geometry)
        buckets = TimeBuckets(windowCycles: configuration.windowCycles)
        limiter = RequestLimiter(
            gpcs: max(1, gpcs.count), cyclesPerRequest: machine.settings.gpcs.requestCycles, windowCycles: configuration.windowCycles)
        coalescer = RequestCoalescer(gpcs: max(1, gpcs.count), settings: machine.coalescer)
        partition = L2Partition(settings: machine.l2, seed: UInt64(bitPattern: Int64(machine.l2.seed)) &+ UInt64(index))
        channels = MemoryChannels(
            channels: 1, readBytesPerCycle: 1, writeBytesPerCycle: 1, turnaroundCycles: 0, writeBatchBytes: 1)
        jitter = MemoryJitter(settings: machine.hbm)
        sliceFree = FixedBuffer(repeating: 0, count: machine.l2.slices / partitions)
        atomicUnits = AtomicUnits(
            count: machine.l2.slices / partitions, settings: machine.l2, windowCycles: configuration.windowCycles)
    }

    /// Prepares for a launch: empty L1s, idle clocks, zero counters. The L2's contents stay.
    /// - Parameters:
    ///   - hasParts: whether blocks' programs come in parts.
    ///   - flagsAddress: where the launch's flags are.
    ///   - watching: addresses whose traffic with memory is counted apart.
    ///   - isRecording: keeps ended blocks in `records` until the caller takes them.
    mutating func beginLaunch(
        machine: MachineDescription, configuration: EngineConfiguration, hasParts: Bool, flagsAddress: UInt64,
        watching: [Range<UInt64>], isRecording: Bool
    ) {
        self.hasParts = hasParts
        self.flagsAddress = flagsAddress
        signals.removeAll()
        blocksAtFlags = 0
        holdsPolls = false
        heldPolls.removeAll()
        endedParts.removeAll()
        watched.watch(watching, lineBytes: configuration.geometry.lineBytes)
        self.configuration = configuration
        let slotCount = smNumbers.count * configuration.slotsPerSM
        if programs.count != slotCount { programs = Array(repeating: BlockProgram(), count: slotCount) }
        slots = FixedBuffer(repeating: SlotState(), count: slotCount)
        polls = FixedBuffer(repeating: PollState(), count: slotCount)
        pieces = FixedBuffer(repeating: PieceProgress(), count: slotCount)
        groupOutstanding = FixedBuffer(repeating: 0, count: slotCount * Self.groupCells)
        groupReady = FixedBuffer(repeating: 0, count: slotCount * Self.groupCells)
        sms = FixedBuffer(repeating: SMState(), count: smNumbers.count)
        events.removeAll()
        tickets.removeAll()
        freeTickets.removeAll()
        l1 = TagStore(
            sets: smNumbers.count * configuration.l1SetsPerSM, ways: machine.l1.ways, replacement: machine.l1.replacement,
            seed: UInt64(machine.l1.seed))
        l1Index = SetIndex(hash: machine.l1.hash, sets: configuration.l1SetsPerSM)
        buckets.removeAll()
        limiter.reset()
        coalescer.reset()
        pending.reset()
        reads.removeAll()
        answers.removeAll()
        merged.removeAll()
        let perHalf = max(1, machine.hbm.channels / machine.l2.partitions)
        // Where channels do not divide into the partitions, fewer and faster ones share the bandwidth.
        let cycles = Double(perHalf * machine.l2.partitions) * configuration.clockHertz
        channels = MemoryChannels(
            channels: perHalf, readBytesPerCycle: machine.derived.hbmReadBytesPerSecond / cycles,
            writeBytesPerCycle: machine.derived.hbmWriteBytesPerSecond / cycles,
            turnaroundCycles: machine.hbm.turnaroundNanoseconds * 1e-9 * configuration.clockHertz,
            writeBatchBytes: Double(machine.hbm.directionBurstBytes))
        sliceFree.fill(0)
        atomicUnits.reset()
        fabricFree = 0
        fabricRequests.removeAll()
        fabricResponses.removeAll()
        memoryRequests.removeAll()
        counters = Counters()
        lifetimes = LifetimeHistogram()
        useCycles.fill(0)
        freed.removeAll()
        activeBlocks = 0
        lastBlockEnd = 0
        turnaroundCycles = 0
        answerCycles = 0
        queueCycles = 0
        self.isRecording = isRecording
        records.removeAll()
        slotUses = FixedBuffer(repeating: SIMD16(), count: isRecording ? slotCount : 0)
        storesWaitUntil = 0
        fabricWaitUntil = 0
        reductionsWaitUntil = 0
    }

    /// Earliest cycle at which something happens here; infinity when nothing is left to do.
    func nextTime(window: Int) -> Double {
        var next = events.nextTime
        if let occupied = buckets.firstOccupied(from: window) {
            next = min(next, Double(occupied) * configuration.windowCycles)
        }
        return next
    }

    /// Whether answers wait to be delivered.
    var hasAnswers: Bool { reads.count > 0 || merged.count > 0 }
}

/// A read on its way through the L2, in the order of its window.
struct WaitingRead: BitwiseCopyable {
    var ticket: Int32
    /// The coalescer's entry for it; -1 where nothing can be merged with it.
    var entry: Int32 = -1
}

/// A read that the coalescer answers together with an earlier one.
struct MergedRead: BitwiseCopyable {
    var ticket: Int32
    /// The earlier read's number in this window, or -1 where `arrival` is known already.
    var read: Int32
    var arrival: Double
}

/// A slot whose block has ended.
struct FreedSlot: BitwiseCopyable {
    var time: Double
    /// SM within the half.
    var sm: Int32
    /// Slot within the half.
    var slot: Int32
}
