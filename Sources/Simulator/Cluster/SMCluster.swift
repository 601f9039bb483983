import Machine
import Trace

/// The SMs of one half: their blocks, the blocks' programs, the operations on their way, and the events that wake
/// blocks.
///
/// `runEvents` executes programs for one window. Memory operations go to the path `below`. Its answers come back
/// through `deliver`, from the next window on. Between windows the simulation starts blocks and hands out parts of
/// programs. It also takes what the window left in the queues `freed`, `endedParts`, `signals` and `records`.
struct SMCluster: ~Copyable {
    /// Machine-wide numbers of the SMs.
    let smNumbers: [Int]
    /// How the first wave's start-up on each SM differs from that on the mean SM, as a share of the spread, -0.5...0.5.
    /// The SMs of a cluster have equal shares.
    let startUpShare: [Double]
    /// The slices of a partition. A fence asks each of them.
    let slices: UInt64
    let partitions: Int
    var configuration: EngineConfiguration

    var programs: [BlockProgram] = []
    var slots = Buffer<SlotState>(repeating: SlotState(), count: 0)
    var sms = Buffer<SMState>(repeating: SMState(), count: 0)
    var events = EventQueue()
    var tickets = TicketBook()
    var groups = CopyGroups(slots: 0)
    var expander: RequestExpander
    /// How much of a long operation each slot's block has performed.
    var pieces = Buffer<PieceProgress>(repeating: PieceProgress(), count: 0)
    var flags: FlagWaits
    /// Cycles until which stores have to wait. The simulation sets them between windows.
    var holds = StoreHolds()

    var counters = Counters()
    var account = BlockAccount()
    var activeBlocks = 0
    var freed = Buffer<FreedSlot>(capacity: 256)
    /// Whether blocks' programs come in parts. `endedParts` holds the parts that ended in the running window.
    var hasParts = false
    var endedParts = Buffer<EndedPart>(capacity: 64)

    /// - Parameter half: the partition to which the SMs belong.
    init(machine: MachineDescription, half: Int, configuration: EngineConfiguration, board: FlagBoard) {
        let numbers = machine.gpcs.partitionOfSM.indices.filter { machine.gpcs.partitionOfSM[$0] == half }
        smNumbers = numbers
        var seen: [Int: Int] = [:]
        startUpShare = numbers.map { number in
            let gpc = machine.gpcs.gpcOfSM[number]
            let cluster = seen[gpc, default: 0] / machine.settings.gpcs.clusterSize
            seen[gpc, default: 0] += 1
            return Double(AddressMap.mix(UInt64(gpc * 1000 + cluster)) & 0xFFFF) / 65535 - 0.5
        }
        slices = UInt64(machine.derived.slicesPerPartition)
        partitions = machine.l2.partitions
        self.configuration = configuration
        expander = RequestExpander(geometry: configuration.geometry)
        flags = FlagWaits(board: board)
    }

    /// Prepares for a launch: empty slots, nothing on its way, zero counters.
    /// - Parameters:
    ///   - hasParts: whether blocks' programs come in parts.
    ///   - flagsAddress: the address of the launch's flags.
    ///   - isRecording: whether `account.records` keeps ended blocks until the caller takes them.
    mutating func beginLaunch(
        _ configuration: EngineConfiguration, hasParts: Bool, flagsAddress: UInt64, isRecording: Bool
    ) {
        self.configuration = configuration
        self.hasParts = hasParts
        let slotCount = smNumbers.count * configuration.slotsPerSM
        if programs.count != slotCount { programs = Array(repeating: BlockProgram(), count: slotCount) }
        slots = Buffer(repeating: SlotState(), count: slotCount)
        sms = Buffer(repeating: SMState(), count: smNumbers.count)
        events.removeAll()
        tickets.removeAll()
        groups = CopyGroups(slots: slotCount)
        pieces = Buffer(repeating: PieceProgress(), count: slotCount)
        flags.beginLaunch(address: flagsAddress, slots: slotCount)
        holds = StoreHolds()
        counters = Counters()
        account.beginLaunch(slots: isRecording ? slotCount : nil)
        activeBlocks = 0
        freed.removeAll()
        endedParts.removeAll()
    }

    /// The SM of a slot.
    @inline(__always)
    func sm(of slot: Int) -> Int { slot / configuration.slotsPerSM }

    /// The partitions to which a block's stores go: bit 0 is this half's, bit 1 the other.
    var allHomes: UInt8 { partitions > 1 ? 3 : 1 }
}

/// Cycles until which stores and reductions wait because the parts behind them are booked too far ahead.
struct StoreHolds: BitwiseCopyable {
    /// The cycle set by memory.
    var stores = 0.0
    /// The cycle set by the fabric and, for reductions, by a slice's atomic unit.
    var fabric = 0.0
    var reductions = 0.0
}

/// A slot whose block has ended.
struct FreedSlot: BitwiseCopyable {
    var time: Double
    /// SM within the half.
    var sm: Int32
    /// Slot within the half.
    var slot: Int32
}

/// A block that has executed all operations of a part of its program.
struct EndedPart: BitwiseCopyable {
    var time: Double
    /// Slot within the half.
    var slot: Int32
}
