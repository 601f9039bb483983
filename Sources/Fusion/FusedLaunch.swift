import Trace

/// A launch made of blocks of other launches. A schedule gives the parts of each block in order.
///
/// Memory holds one number for each resident block, besides the memory of the sources and the schedule.
package struct FusedLaunch: PartedProgramSource {
    package let launch: KernelLaunch
    private var sources: [any BlockProgramSource]
    private let writers: [PartWriter]
    private var schedule: any PartSchedule
    /// Lists of flags that parts await. Each flag has its count.
    private let waits: [[FlagWait]]
    private let ticket: (tensor: Int, address: UInt64)?
    private let spills: SpilledWords?
    /// Whether a block of any source is known to use tensor cores.
    private let usesTensorCores: Bool
    /// The next part of each block that is running.
    private var positions: [Int: Int] = [:]
    /// Blocks whose parts were all handed out at once.
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
            var starts = [0]
            while let loaded = part, loaded.source != last {
                starts.append(program.operations.count)
                part = try loadPart(ofBlock: block, into: &next)
                if part != nil { program.append(next) } else { endedBlocks.insert(block) }
            }
            if schedule.inlinesFirstParts, part != nil { program.inline(starts: starts) }
        }
        if usesTensorCores { program.operations.append(.compute(.tensorCode)) }
    }

    package mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) throws -> Bool {
        if endedBlocks.remove(block) != nil { return false }
        return try loadPart(ofBlock: block, into: &program) != nil
    }

    /// The block's next part; nil if none is left.
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
        // A tile's shared memory is free once all warps have finished the part before.
        if index > 0 || !lead.isEmpty { lead.append(.barrier) }
        if let list = part.awaits {
            for wait in waits[list] { lead.append(.awaitFlag(flag: wait.flag, count: wait.count)) }
            lead.append(.barrier)
        }
        if !lead.isEmpty { program.operations.insert(contentsOf: lead, at: 0) }
        if let flag = part.signal { program.operations += [.barrier, .signal(flag: UInt32(truncatingIfNeeded: flag))] }
        return part
    }

    /// One thread performs an atomic. The other warps get its result through shared memory.
    private func fetchTicket(_ program: inout BlockProgram) -> [Operation] {
        guard let ticket else { return [] }
        program.laneAddresses.append(ticket.address)
        let lane = program.laneAddresses.count - 1
        return [
            .lanes(LaneAccess(kind: .atomic, tensor: ticket.tensor, laneBytes: 4, firstLane: lane, laneCount: 1)),
            .awaitLoads,
        ]
    }
}

/// A flag that a part awaits, and the number of signals that it needs.
struct FlagWait: Hashable, Sendable {
    var flag: UInt32
    var count: UInt32
}
