import Analysis
import Machine
import Simulator
import TestSupport
import Testing
import Trace
import Workloads

/// An LRU cache of one size, as plainly as it can be written: each set a list of lines, youngest first, each with its
/// valid sectors.
struct NaiveLRU {
    let sets: Int
    let ways: Int
    private var lists: [Int: [(line: UInt64, valid: UInt8)]] = [:]

    init(sets: Int, ways: Int) {
        self.sets = sets
        self.ways = ways
    }

    /// Looks sectors of a line up and brings in what is missing.
    /// - Returns: the missing sectors.
    mutating func access(_ line: UInt64, _ sectors: UInt8) -> UInt8 {
        let set = Int(line % UInt64(sets))
        var list = lists[set] ?? []
        var valid: UInt8 = 0
        if let place = list.firstIndex(where: { $0.line == line }) { valid = list.remove(at: place).valid }
        list.insert((line, valid | sectors), at: 0)
        if list.count > ways { list.removeLast() }
        lists[set] = list
        return sectors & ~valid
    }

    /// A store: sectors that it covers wholly become valid where their line is, which stays as old as it is; a missing
    /// line comes in with them if the store allocates.
    /// - Returns: whether the line was there.
    mutating func store(_ line: UInt64, _ whole: UInt8, allocates: Bool) -> Bool {
        let set = Int(line % UInt64(sets))
        if let place = lists[set]?.firstIndex(where: { $0.line == line }) {
            lists[set]![place].valid |= whole
            return true
        }
        if allocates { _ = access(line, whole) }
        return false
    }

    mutating func removeAll() { lists = [:] }
}

/// Accesses and misses of one tensor, and the misses of what writes, reduces or updates atomically.
struct NaiveCounts: Equatable {
    var accesses: UInt64 = 0
    var misses: UInt64 = 0
    var writeMisses: UInt64 = 0
}

/// Runs launches through one cache of each SM, or one below all, and counts by launch and tensor.
func naiveMisses(
    _ sources: [any BlockProgramSource], settings: CurveSettings, machine: MachineDescription, sets: Int, ways: Int
) throws -> [[NaiveCounts]] {
    let isL1 = settings.level == .l1
    let empty = NaiveLRU(sets: sets, ways: ways)
    var caches = Array(repeating: empty, count: isL1 ? machine.gpu.smCount : 1)
    var result: [[NaiveCounts]] = []
    for source in sources {
        var source = source
        let launch = source.launch
        if isL1 || settings.cacheMode == .cold { caches = caches.map { _ in empty } }
        let occupancy = try machine.occupancy(
            threadsPerBlock: launch.threadsPerBlock, registersPerThread: launch.registersPerThread,
            sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
        let above = NaiveLRU(
            sets: occupancy.l1CapacityBytes / settings.lineBytes / machine.l1.ways, ways: machine.l1.ways)
        var l1s = Array(repeating: above, count: machine.gpu.smCount)
        var counts = Array(repeating: NaiveCounts(), count: launch.tensors.count)
        let atOnce = machine.gpu.smCount * occupancy.blocksPerSM
        for (block, operation, lanes) in try order(&source, settings: settings, atOnce: atOnce) {
            let sm = block % machine.gpu.smCount
            if operation == .invalidateL1 {
                l1s[sm].removeAll()
                if isL1 { caches[sm].removeAll() }
            }
            guard let (kind, hint, tensor, requests) = expand(operation, lanes: lanes, settings: settings) else {
                continue
            }
            let passes = [.copyBypass, .bulkLoad, .bulkStore, .reduction, .atomic].contains(kind) || hint == .bypassL1
            let isLoad = [.load, .copyThroughL1, .localLoad].contains(kind) && !passes
            for request in requests {
                var asked = request.sectors
                let isStore = kind == .store || kind == .localStore
                let allocates = kind == .localStore || machine.l1.allocatesOnWrite
                if isL1 {
                    guard isLoad || isStore else { continue }
                } else if settings.isBehindL1 {
                    if isStore { _ = l1s[sm].store(request.line, request.wholeSectors, allocates: allocates) }
                    if isLoad { asked = l1s[sm].access(request.line, asked) }
                    if asked == 0 { continue }
                }
                counts[tensor].accesses += UInt64(asked.nonzeroBitCount)
                var missing: UInt64 = 0
                if isL1, isStore {
                    let hits = caches[sm].store(request.line, request.wholeSectors, allocates: allocates)
                    missing = hits ? 0 : UInt64(asked.nonzeroBitCount)
                } else {
                    missing = UInt64(caches[isL1 ? sm : 0].access(request.line, asked).nonzeroBitCount)
                }
                counts[tensor].misses += missing
                let writes: [AccessKind] = [.store, .bulkStore, .localStore, .reduction, .atomic]
                if writes.contains(kind) { counts[tensor].writeMisses += missing }
            }
        }
        result.append(counts)
    }
    return result
}

/// All operations in the order of the settings, each with its block and that block's lane addresses.
private func order(
    _ source: inout any BlockProgramSource, settings: CurveSettings, atOnce: Int
) throws -> [(Int, Operation, [UInt64])] {
    var keyed: [(wave: Int, position: Int, block: Int, operation: Operation, lanes: [UInt64])] = []
    for block in 0..<source.launch.grid.blockCount {
        var program = BlockProgram()
        try source.loadProgram(ofBlock: block, into: &program)
        let wave = settings.order == .waves ? block / atOnce : block
        for (position, operation) in program.operations.enumerated() {
            keyed.append((wave, position, block, operation, program.laneAddresses))
        }
    }
    keyed.sort { ($0.wave, $0.position, $0.block) < ($1.wave, $1.position, $1.block) }
    return keyed.map { ($0.block, $0.operation, $0.lanes) }
}

private func expand(
    _ operation: Operation, lanes: [UInt64], settings: CurveSettings
) -> (AccessKind, CacheHint, Int, [LineRequest])? {
    let sectorBytes = settings.granularity == .sector ? 32 : settings.lineBytes
    var expander = RequestExpander(geometry: LineGeometry(lineBytes: settings.lineBytes, sectorBytes: sectorBytes))
    switch operation {
    case .tile(let tile):
        expander.expand(tile)
        return (tile.kind, tile.hint, Int(tile.tensor), expander.requests)
    case .lanes(let access):
        expander.expand(access, laneAddresses: lanes)
        return (access.kind, access.hint, Int(access.tensor), expander.requests)
    default: return nil
    }
}

/// Holds every point of every launch's curve to the naive cache.
func expectExact(
    _ sources: [any BlockProgramSource], settings: CurveSettings, machine: MachineDescription,
    only chosen: ((CurvePoint) -> Bool)? = nil, _ comment: String
) throws {
    let result = try CurveRunner.run(GeneratedLaunches(sources), machine: machine, settings: settings)
    for point in try #require(result.launches.first).points where chosen?(point) ?? true {
        let lines = Int(point.capacityBytes) / settings.lineBytes
        let naive = try naiveMisses(
            sources, settings: settings, machine: machine, sets: point.sets ?? 1, ways: point.ways ?? lines)
        for (launch, counts) in zip(result.launches, naive) {
            let index = try #require(launch.points.firstIndex(of: point))
            let expected = Dictionary(
                uniqueKeysWithValues: zip(launch.launch.tensors.map(\.name), counts).filter { $0.1.accesses > 0 }
                    .map { ($0, [$1.accesses, $1.misses]) })
            let found = Dictionary(
                uniqueKeysWithValues: launch.tensors.map { ($0.name, [$0.accesses, $0.misses[index]]) })
            #expect(launch.writes.misses[index] == counts.reduce(0) { $0 + $1.writeMisses })
            #expect(launch.reads.misses[index] + launch.writes.misses[index] == launch.total.misses[index])
            #expect(found == expected, "\(comment), \(settings), \(point)")
            #expect(launch.total.misses[index] == counts.reduce(0) { $0 + $1.misses })
            #expect(launch.total.accesses == counts.reduce(0) { $0 + $1.accesses })
        }
    }
}

/// A launch of blocks of random requests of all kinds, of few lines so that many are touched again.
func randomLaunch(blocks: Int, operations: Int, lines: UInt64, using numbers: inout SeededGenerator) -> HandMadeLaunch {
    var launch = HandMadeLaunch(blocks: blocks, tensors: ["a", "b", "c"])
    let kinds: [AccessKind] = [
        .load, .load, .load, .store, .copyBypass, .copyThroughL1, .localLoad, .localStore, .reduction, .atomic,
        .bulkLoad,
        .bulkStore,
    ]
    for block in 0..<blocks {
        for _ in 0..<Int.random(in: 0...operations, using: &numbers) {
            if Int.random(in: 0..<60, using: &numbers) == 0 {
                launch.programs[block].operations.append([.invalidateL1, .barrier].randomElement(using: &numbers)!)
                continue
            }
            // Tensors lie over each other in part, so that lines have several owners.
            let tensor = Int.random(in: 0..<3, using: &numbers)
            let first = (1 << 20) + UInt64(tensor) * 128 * (lines / 2)
            let kind = kinds.randomElement(using: &numbers)!
            let lanes = (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
                first + UInt64.random(in: 0..<lines * 4, using: &numbers) * 32
            }
            launch.add(block: block, kind, tensor: tensor, laneBytes: Bool.random(using: &numbers) ? 32 : 4, lanes)
        }
    }
    return launch
}
