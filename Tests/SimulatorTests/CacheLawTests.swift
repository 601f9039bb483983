import Machine
import Replacement
import Simulator
import TestSupport
import Testing
import Trace

/// A cache as a textbook has it: a dictionary of lines a set, each with its valid sectors and the time of its last
/// touch.
private struct NaiveCache {
    var sets: Int
    var ways: Int
    var refreshesOnHit = true
    private var lines: [[Int: (sectors: Set<Int>, touched: Int)]]
    private var clock = 0

    init(sets: Int, ways: Int, refreshesOnHit: Bool) {
        self.sets = sets
        self.ways = ways
        self.refreshesOnHit = refreshesOnHit
        lines = Array(repeating: [:], count: sets)
    }

    /// Sectors of `line` that were there; afterwards all are.
    mutating func read(line: Int, sectors: Set<Int>) -> Set<Int> {
        clock += 1
        let set = line % sets
        if let known = lines[set][line] {
            lines[set][line] = (known.sectors.union(sectors), refreshesOnHit ? clock : known.touched)
            return known.sectors.intersection(sectors)
        }
        if lines[set].count == ways, let oldest = lines[set].min(by: { $0.value.touched < $1.value.touched }) {
            lines[set][oldest.key] = nil
        }
        lines[set][line] = (sectors, clock)
        return []
    }
}

@Suite("Caches against a naive model")
struct CacheLawTests {
    @Test("Random reads hit exactly where a dictionary model says", arguments: [ReplacementPolicy.lru, .fifo])
    func randomReads(policy: ReplacementPolicy) throws {
        let seed = UInt64.random(in: 1...1_000_000)
        print("cache law seed \(seed) \(policy)")
        let machine = try smallMachine {
            $0.l1.replacement = policy
            $0.l2.replacement = policy
        }
        let kernel = launch()
        let occupancy = try machine.occupancy(
            threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: kernel.sharedMemoryBytesPerBlock)
        var l1 = NaiveCache(
            sets: machine.l1Sets(capacityBytes: occupancy.l1CapacityBytes), ways: machine.l1.ways,
            refreshesOnHit: policy == .lru)
        var l2 = NaiveCache(
            sets: machine.derived.l2SetsPerPartition, ways: machine.l2.ways, refreshesOnHit: policy == .lru)
        var generator = SeededGenerator(seed: seed)
        var operations: [Operation] = []
        var l1Hits = 0
        var l2Hits = 0
        var sectorsRead = 0
        for _ in 0..<6000 {
            // A working set a few times L1 and about twice L2, skewed towards its beginning.
            let line = Int.random(in: 0..<Int.random(in: 1...800, using: &generator), using: &generator)
            let first = Int.random(in: 0..<4, using: &generator)
            let count = Int.random(in: 1...(4 - first), using: &generator)
            operations.append(access(.load, at: line * 128 + first * 32, bytes: count * 32))
            operations.append(.awaitLoads)
            let sectors = Set(first..<(first + count))
            sectorsRead += count
            let hit = l1.read(line: line, sectors: sectors)
            l1Hits += hit.count
            let missing = sectors.subtracting(hit)
            if !missing.isEmpty { l2Hits += l2.read(line: line, sectors: missing).count }
        }
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let counters = try simulation.run(
            SyntheticSource(launch: kernel) { _, program in program.operations = operations }
        ).counters
        #expect(counters.l1LoadSectors == UInt64(sectorsRead))
        #expect(counters.l1LoadHitSectors == UInt64(l1Hits))
        #expect(counters.l2TexReadSectors == UInt64(sectorsRead - l1Hits))
        #expect(counters.l2TexReadHitSectors == UInt64(l2Hits))
        #expect(counters.hbmReadBytes == UInt64((sectorsRead - l1Hits - l2Hits) * 32))
    }

    @Test("Any geometry keeps hits and misses consistent", arguments: [(3, 5, 7), (1, 1, 1), (2, 12, 3), (5, 33, 6)])
    func oddGeometry(l1Ways: Int, l2Ways: Int, slices: Int) throws {
        for policy in ReplacementPolicy.allCases {
            for hash in SetHash.allCases {
                let machine = try smallMachine {
                    $0.l1.ways = l1Ways
                    $0.l2.ways = l2Ways
                    $0.l2.capacityBytes = 128 * l2Ways * 11
                    $0.l2.slices = slices
                    $0.l1.replacement = policy
                    $0.l2.replacement = policy
                    $0.l2.hash = hash
                }
                var generator = SeededGenerator(seed: 7)
                let operations: [Operation] = (0..<2000).flatMap { _ -> [Operation] in
                    let kind: AccessKind = Bool.random(using: &generator) ? .load : .store
                    return [access(kind, at: Int.random(in: 0..<4096, using: &generator) * 64, bytes: 64), .awaitLoads]
                }
                let simulation = try Simulation(machine: machine, cacheMode: .cold)
                let counters = try simulation.run(
                    SyntheticSource(launch: launch()) { _, program in program.operations = operations }
                ).counters
                #expect(counters.l1LoadSectors - counters.l1LoadHitSectors == counters.l2TexReadSectors)
                #expect(counters.l2TexReadSectors - counters.l2TexReadHitSectors == counters.l2FillSectors)
                #expect(counters.hbmReadBytes == counters.l2FillSectors * 32)
                #expect(counters.hbmWriteBytes <= counters.l2TexWriteSectors * 32)
            }
        }
    }
}
