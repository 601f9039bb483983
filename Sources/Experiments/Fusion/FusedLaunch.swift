import Trace

/// A launch made of blocks of other launches, part after part, as a schedule has them.
///
/// Memory holds one number for each resident block, besides the sources' own and the schedule's.
package struct FusedLaunch: PartedProgramSource {
    package let launch: KernelLaunch
    private var sources: [any BlockProgramSource]
    private let writers: [PartWriter]
    private var schedule: any PartSchedule
    /// Lists of flags that parts await, each with its count.
    private let waits: [[FlagWait]]
    private let ticket: (tensor: Int, address: UInt64)?
    private let spills: SpilledWords?
    /// Whether a block of any source is known to use tensor cores.
    private let usesTensorCores: Bool
    /// The next part of each block that is under way.
    private var positions: [Int: Int] = [:]
    /// Blocks all of whose parts came at once.
    private var endedBlocks: Set<Int> = []

    /// Whether the order of its parts is known before it runs.
    package var isDynamic: Bool { schedule.isDynamic }

    init(
        launch: KernelLaunch, sources: [any BlockProgramSource], writers: [PartWriter], schedule: any PartSchedule,
        waits: [[FlagWait]] = [], ticket: (tensor: Int, address: UInt64)? = nil, spills: SpilledWords? = nil,
        usesTensorCores: Bool = false
    ) {
        self.launch = launch
        self.sources = sources
        self.writers = writers
        self.schedule = schedule
        self.waits = waits
        self.ticket = ticket
        self.spills = spills
        self.usesTensorCores = usesTensorCores
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws {
        positions[block] = 0
        var part = try loadPart(ofBlock: block, into: &program)
        if let last = schedule.firstPartsEndWith {
            var next = BlockProgram()
            var lead = 0
            while let loaded = part, loaded.source != last {
                lead = program.operations.count
                part = try loadPart(ofBlock: block, into: &next)
                if part != nil { program.append(next) } else { endedBlocks.insert(block) }
            }
            if schedule.inlinesFirstParts, part != nil { program.inline(first: lead) }
        }
        if usesTensorCores { program.operations.append(.compute(.tensorCode)) }
    }

    package mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool {
        if endedBlocks.remove(block) != nil { return false }
        return try loadPart(ofBlock: block, into: &program) != nil
    }

    /// The block's next part; nil where it has none left.
    private mutating func loadPart(ofBlock block: Int, into program: inout BlockProgram) throws -> FusedPart? {
        let index = positions[block] ?? 0
        guard let part = schedule.part(index, ofBlock: block) else {
            positions[block] = nil
            return nil
        }
        positions[block] = index + 1
        if part.isTicket {
            program.removeAll()
        } else {
            try sources[part.source].loadProgram(ofBlock: part.block, into: &program)
            writers[part.source].rewrite(&program, omission: part.omission)
            spills?.wrap(&program, block: block, isFirst: index == 0)
        }
        var lead: [Operation] = part.isTicket || part.fetchesTicket ? fetchTicket(&program) : []
        // A tile's shared memory is free once all warps are through with the part before.
        if index > 0 || !lead.isEmpty { lead.append(.barrier) }
        if let list = part.awaits {
            for wait in waits[list] { lead.append(.awaitFlag(flag: wait.flag, count: wait.count)) }
            lead.append(.barrier)
        }
        if !lead.isEmpty { program.operations.insert(contentsOf: lead, at: 0) }
        if let flag = part.signal { program.operations += [.barrier, .signal(flag: UInt32(truncatingIfNeeded: flag))] }
        return part
    }

    /// One thread's atomic; the other warps get its result through shared memory.
    private func fetchTicket(_ program: inout BlockProgram) -> [Operation] {
        guard let ticket else { return [] }
        program.laneAddresses.append(ticket.address)
        let lane = program.laneAddresses.count - 1
        return [
            .lanes(LaneAccess(kind: .atomic, tensor: ticket.tensor, laneBytes: 4, firstLane: lane, laneCount: 1)), .awaitLoads,
        ]
    }
}

/// A flag that a part awaits, and how often it must have been signalled.
struct FlagWait: Hashable, Sendable {
    var flag: UInt32
    var count: UInt32
}

/// Turns the program of one launch's block into a part's: the variant's tensors and warps, without what the part leaves out.
struct PartWriter: Sendable {
    /// The launch's tensors among the variant's.
    let tensors: [UInt16]
    /// By the launch's own numbers, which tensors are intermediates.
    let isIntermediate: [Bool]
    /// Warps of the launch's blocks and of the variant's.
    let warps: (own: Int, fused: Int)

    init(tensors: [UInt16], isIntermediate: [Bool] = [], warps: (own: Int, fused: Int)) {
        self.tensors = tensors
        self.isIntermediate = isIntermediate.isEmpty ? tensors.map { _ in false } : isIntermediate
        self.warps = warps
    }

    func rewrite(_ program: inout BlockProgram, omission: FusedPart.Omission) {
        if !omission.isEmpty {
            program.operations.removeAll { operation in
                switch operation {
                case .tile(let tile): leavesOut(tensor: tile.tensor, kind: tile.kind, omission)
                case .lanes(let lanes): leavesOut(tensor: lanes.tensor, kind: lanes.kind, omission)
                default: false
                }
            }
        }
        let hasProducts = omission.contains(.frame) && program.operations.contains(where: \.hasProducts)
        for index in program.operations.indices {
            switch program.operations[index] {
            case .tile(var tile):
                tile.tensor = tensors[Int(tile.tensor)]
                program.operations[index] = .tile(tile)
            case .lanes(var lanes):
                lanes.tensor = tensors[Int(lanes.tensor)]
                program.operations[index] = .lanes(lanes)
            case .compute(var work):
                if omission.contains(.frame), hasProducts { work = work.withoutFrame }
                program.operations[index] = .compute(warps.own == warps.fused ? work : work.shared(warps.own, over: warps.fused))
            default: continue
            }
        }
    }

    private func leavesOut(tensor: UInt16, kind: AccessKind, _ omission: FusedPart.Omission) -> Bool {
        if isIntermediate[Int(tensor)] { return omission.contains(.intermediates) }
        return omission.contains(.results) && !(kind.isRead && kind != .atomic) && kind != .localStore
    }
}

extension Operation {
    /// Whether it is a compute step with products.
    fileprivate var hasProducts: Bool {
        if case .compute(let work) = self { return work.products > 0 }
        return false
    }
}

extension ComputeWork {
    /// Of a step with products these, their operands' way through shared memory and special functions; of another one nothing.
    var withoutFrame: ComputeWork {
        guard products > 0 else { return ComputeWork(instructions: 0) }
        return ComputeWork(
            instructions: Int(tensor + memory + special), tensor: Int(tensor), special: Int(special), memory: Int(memory),
            products: Int(products))
    }

    /// The work of `own` warps done by `fused` warps: counts a warp in proportion, rounded up.
    func shared(_ own: Int, over fused: Int) -> ComputeWork {
        func scaled(_ count: UInt32) -> Int { (Int(count) * own + fused - 1) / fused }
        return ComputeWork(
            instructions: scaled(instructions), tensor: scaled(tensor), fp32: scaled(fp32), alu: scaled(alu),
            special: scaled(special), memory: scaled(memory), shuffle: scaled(shuffle), products: scaled(products))
    }
}
