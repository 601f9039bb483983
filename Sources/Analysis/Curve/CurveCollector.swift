import Machine
import Trace

/// Sends the accesses of launches through caches of every capacity.
final class CurveCollector {
    private let settings: CurveSettings
    private let machine: MachineDescription
    /// One cache for each SM, in order, or one cache below all SMs.
    private let caches: [CurveCache]
    /// Bytes that each of the caches holds.
    private var weights: [Int]
    private var l1s: SectorCache?
    private var sample: LineSample?
    private var expander: RequestExpander
    /// Requests that an L1 passes on.
    private var passed: [LineRequest] = []
    private var counts: CurveCounts
    private let memory: CurveMemory

    init(settings: CurveSettings, machine: MachineDescription) {
        self.settings = settings
        self.machine = machine
        let memory = CurveMemory(limit: settings.byteLimit)
        self.memory = memory
        caches = (0..<(settings.level == .l1 ? machine.gpu.smCount : 1)).map { _ in CurveCache(settings, memory: memory)
        }
        weights = Array(repeating: 0, count: caches.count)
        sample = settings.sampling.map { LineSample($0) }
        expander = RequestExpander(
            geometry: LineGeometry(lineBytes: settings.lineBytes, sectorBytes: settings.sectorBytes))
        let none = KernelLaunch(
            kernel: "", grid: Grid(x: 1), threadsPerBlock: 1, registersPerThread: 0, sharedMemoryBytesPerBlock: 0,
            tensors: [])
        counts = CurveCounts(settings: settings, launch: none, stackCount: 0, memory: memory)
    }

    /// Runs a launch to its end.
    /// - Throws: `MachineError` if a wave needs what the machine lacks. `AnalysisError.impossibleCurve` if stores
    ///   make caches of too many capacities differ. `CurveFull` if the curve would hold more than its limit. Errors of
    ///   the source.
    func run(_ source: any BlockProgramSource, progress: (Int) -> Void) throws -> LaunchCurve {
        var source = source
        let launch = source.launch
        if settings.level == .l1 || settings.cacheMode == .cold {
            for cache in caches { cache.removeAll() }
        }
        weights = caches.map { $0.byteCount(afterFurther: 0) }
        memory.held = weights.reduce(0, +)
        counts = CurveCounts(settings: settings, launch: launch, stackCount: caches[0].stackCount, memory: memory)
        memory.wasTaken = false
        let smCount = machine.gpu.smCount
        if settings.level == .l1 { counts.caches = min(smCount, launch.grid.blockCount) }
        var atOnce = 1
        if settings.order == .waves || settings.isBehindL1 || settings.level == .l1 {
            let occupancy = try machine.occupancy(
                threadsPerBlock: launch.threadsPerBlock, registersPerThread: launch.registersPerThread,
                sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
            if settings.order == .waves { atOnce = smCount * occupancy.blocksPerSM }
            counts.machinePoint = machinePoint(of: occupancy)
            if settings.isBehindL1 {
                let sets = max(1, occupancy.l1CapacityBytes / (settings.lineBytes * machine.l1.ways))
                l1s = SectorCache(processors: smCount, sets: sets, ways: machine.l1.ways)
            }
        }
        let blocks = launch.grid.blockCount
        var programs = Array(repeating: BlockProgram(), count: min(atOnce, blocks))
        for first in stride(from: 0, to: blocks, by: atOnce) {
            let wave = min(atOnce, blocks - first)
            var longest = 0
            for slot in 0..<wave {
                progress(first + slot)
                let before = Self.byteCount(of: programs[slot])
                try source.loadProgram(ofBlock: first + slot, into: &programs[slot])
                memory.held += Self.byteCount(of: programs[slot]) - before
                guard memory.hasRoom(for: 0) else { throw CurveFull() }
                longest = max(longest, programs[slot].operations.count)
            }
            for position in 0..<longest where !memory.isExhausted {
                for slot in 0..<wave where position < programs[slot].operations.count {
                    try perform(
                        programs[slot].operations[position], lanes: programs[slot].laneAddresses,
                        processor: (first &+ slot) % smCount)
                }
            }
            guard !memory.isExhausted else {
                throw AnalysisError.impossibleCurve(
                    option: "--level l1",
                    reason:
                        "stores of \(launch.kernel) that allocate make caches of too many capacities differ; list a few with "
                        + "--sets and --ways or with --capacities, or give --set l1.allocatesOnWrite=false")
            }
        }
        counts.isDivided = memory.wasTaken
        return counts.curve
    }

    private func machinePoint(of occupancy: Occupancy) -> CurvePoint? {
        let l1 = machine.l1
        guard settings.level == .l1, l1.replacement == .lru, l1.hash == .modulo, l1.lineBytes == settings.lineBytes,
            l1.sectorBytes == settings.sectorBytes
        else { return nil }
        let sets = machine.l1Sets(capacityBytes: occupancy.l1CapacityBytes)
        return CurvePoint(capacityBytes: UInt64(sets * l1.ways * l1.lineBytes), sets: sets, ways: l1.ways)
    }

    @inline(__always)
    private func perform(_ operation: Operation, lanes: [UInt64], processor: Int) throws(CurveFull) {
        switch operation {
        case .tile(let tile):
            var pieces = TilePieces(tile, geometry: expander.geometry)
            while pieces.expandNext(with: &expander) {
                try access(tile.kind, hint: tile.hint, tensor: Int(tile.tensor), processor: processor)
            }
            if tile.kind == .atomic, tile.hint == .takesLock || tile.hint == .givesLock { invalidate(processor) }
        case .lanes(let access):
            expander.expand(access, laneAddresses: lanes)
            try self.access(access.kind, hint: access.hint, tensor: Int(access.tensor), processor: processor)
        // A block that has seen its flag also drops its L1.
        case .invalidateL1, .awaitFlag: invalidate(processor)
        case .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .signal, .beginProducts, .awaitProducts:
            return
        }
    }

    /// Drops what the processor's L1 holds.
    private func invalidate(_ processor: Int) {
        if settings.level == .l1 {
            memory.held &-= weights[processor]
            caches[processor].removeAll()
            weights[processor] = caches[processor].byteCount(afterFurther: 0)
            memory.held &+= weights[processor]
        }
        l1s?.removeAll(processor: processor)
    }

    /// Performs the operation that the expander holds.
    private func access(_ kind: AccessKind, hint: CacheHint, tensor: Int, processor: Int) throws(CurveFull) {
        let place = settings.level == .l1 ? processor : 0
        let cache = caches[place]
        let others = memory.held &- weights[place]
        guard others &+ cache.byteCount(afterFurther: expander.requests.count) <= memory.limit else {
            throw CurveFull()
        }
        let counted = memory.counted
        look(kind, hint: hint, tensor: tensor, cache: cache, processor: processor)
        weights[place] = cache.byteCount(afterFurther: 0)
        memory.held = others &+ weights[place] &+ memory.counted &- counted
        if memory.isFull { throw CurveFull() }
    }

    /// Looks up the operation's lines.
    private func look(_ kind: AccessKind, hint: CacheHint, tensor: Int, cache: CurveCache, processor: Int) {
        let slot = counts.slot(tensor: tensor, isWrite: !kind.isRead || kind == .atomic)
        let way = L1Way(kind, hint: hint)
        switch (settings.level, way) {
        case (_, .none), (.l1, .past): return
        case (.l1, .load): touch(expander.requests, cache: cache, slot: slot)
        case (.l1, .store), (.l1, .localStore): store(way, cache: cache, slot: slot)
        case (.l2, _):
            if l1s == nil {
                touch(expander.requests, cache: cache, slot: slot)
            } else {
                passL1(way, processor: processor)
                touch(way == .load ? passed : expander.requests, cache: cache, slot: slot)
            }
        }
    }

    private func count(_ requests: [LineRequest], slot: Int) {
        var accesses = 0
        for request in requests { accesses &+= request.sectors.nonzeroBitCount }
        counts.accesses[slot] &+= UInt64(truncatingIfNeeded: accesses)
        counts.lookups &+= requests.count
    }

    private func touch(_ requests: [LineRequest], cache: CurveCache, slot: Int) {
        count(requests, slot: slot)
        guard let spread = counts.spread else { return cache.touch(requests, tensor: slot, counts: counts.stacks) }
        sample!.take(from: requests, slot: slot, spread: spread)
        // An operation has few sampled lines. Each belongs to a group of its own.
        for index in sample!.requests.indices {
            spread.group = sample!.groups[index]
            cache.touch(CollectionOfOne(sample!.requests[index]), tensor: slot, counts: counts.stacks)
        }
    }

    /// Performs the operation that the expander holds as a store through an L1.
    private func store(_ way: L1Way, cache: CurveCache, slot: Int) {
        let allocates = allocates(way)
        count(expander.requests, slot: slot)
        guard let spread = counts.spread else {
            return cache.store(expander.requests, allocates: allocates, tensor: slot, counts: counts.stacks)
        }
        sample!.take(from: expander.requests, slot: slot, spread: spread)
        for index in sample!.requests.indices {
            spread.group = sample!.groups[index]
            cache.store(
                CollectionOfOne(sample!.requests[index]), allocates: allocates, tensor: slot, counts: counts.stacks)
        }
    }

    private static func byteCount(of program: borrowing BlockProgram) -> Int {
        program.operations.capacity * MemoryLayout<Operation>.stride + program.laneAddresses.capacity * 8
    }

    /// Whether a store brings a missing line into the L1.
    private func allocates(_ way: L1Way) -> Bool { way == .localStore || machine.l1.allocatesOnWrite }

    /// Looks up the operation's requests in an SM's L1. The sectors that loads miss go to `passed`.
    private func passL1(_ way: L1Way, processor: Int) {
        passed.removeAll(keepingCapacity: true)
        switch way {
        case .load:
            for var request in expander.requests {
                request.sectors = l1s!.load(request, processor: processor)
                if request.sectors != 0 { passed.append(request) }
            }
        case .store, .localStore:
            let allocates = allocates(way)
            for request in expander.requests { l1s!.store(request, allocates: allocates, processor: processor) }
        case .past, .none: return
        }
    }
}

/// The curve would hold more than its limit.
struct CurveFull: Error {}

/// The effect of an operation on an L1.
private enum L1Way {
    /// Looks up its lines. Missing lines come in.
    case load
    /// Writes through. A line that is there takes the covered sectors and keeps its age. A missing line comes in if the
    /// machine's L1 allocates on writes.
    case store
    /// The same, but missing lines always come in.
    case localStore
    /// Goes past the L1.
    case past
    /// It is not an access of a GPU.
    case none

    init(_ kind: AccessKind, hint: CacheHint) {
        self =
            switch kind {
            case .load: hint == .bypassL1 ? .past : .load
            case .copyThroughL1, .localLoad: .load
            case .store: .store
            case .localStore: .localStore
            case .copyBypass, .bulkLoad, .bulkStore, .reduction, .atomic: .past
            case .fetch, .copyBack, .invalidate: .none
            }
    }
}
