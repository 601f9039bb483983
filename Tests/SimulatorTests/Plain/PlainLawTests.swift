import Machine
import Replacement
import Simulator
import TestSupport
import Testing
import Trace

@Suite("Plain caches against a naive model")
struct PlainLawTests {
    /// Accesses near a few places, the end of the address space among them.
    private func accesses(_ count: Int, using generator: inout SeededGenerator) -> [CoreAccess] {
        let places: [UInt64] = [0, 0x1000, 0x7FFF_0000_0000, 0xFFFF_FFFF_FFFF_F000, .max - 20, 1 << 63]
        return (0..<count).map { _ in
            let place = places.randomElement(using: &generator)!
            let kind: AccessKind = [.fetch, .load, .load, .store, .store, .atomic].randomElement(using: &generator)!
            let bytes =
                Int.random(in: 0..<10, using: &generator) == 0
                ? Int.random(in: 1...700, using: &generator) : [1, 2, 4, 8, 16, 32].randomElement(using: &generator)!
            var address = place &+ UInt64.random(in: 0..<6000, using: &generator)
            // Aligned accesses fill whole lines.
            if Bool.random(using: &generator) { address &= ~31 }
            let isUnknown = kind == .load && Int.random(in: 0..<4, using: &generator) == 0
            return CoreAccess(kind: kind, address: address, bytes: bytes, hint: isUnknown ? .miscellaneous : .normal)
        }
    }

    private func geometry(lines: Int, using generator: inout SeededGenerator) -> CacheGeometry {
        let ways = [1, 2, 3, 4, 8, 16, 37].randomElement(using: &generator)!
        let line = 4 << Int.random(in: 0...8, using: &generator)
        let sets = max(1, Int.random(in: 1...lines, using: &generator) / ways)
        return CacheGeometry(
            capacityBytes: sets * ways * line, lineBytes: line, ways: ways,
            replacement: ReplacementTests.decided.randomElement(using: &generator)!)
    }

    @Test(
        "Every counter equals the naive model's for random geometries, rules and accesses, wrapping at 2^64 among them")
    func random() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        print("plain cache law seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var settings = PlainPreset.oneCore.settings
            settings.i1 = geometry(lines: 64, using: &generator)
            settings.d1 = geometry(lines: 64, using: &generator)
            settings.ll = geometry(lines: 256, using: &generator)
            settings.core.straddle = round % 2 == 0 ? .once : .each
            settings.core.hasInstructionCache = Bool.random(using: &generator)
            settings.d1Writes = CacheWrites(
                policy: Bool.random(using: &generator) ? .writeBack : .writeThrough,
                allocates: Bool.random(using: &generator))
            settings.llWrites = CacheWrites(
                policy: Bool.random(using: &generator) ? .writeBack : .writeThrough,
                allocates: Bool.random(using: &generator))
            settings.d1WritesAreAccesses = Bool.random(using: &generator)
            let accesses = accesses(600, using: &generator)
            var model = NaiveCore(settings)
            for access in accesses {
                model.access(
                    access.kind, address: access.address, bytes: access.bytes, unknown: access.hint == .miscellaneous)
            }
            let counters = try simulate(accesses, on: settings, perBlock: 1 + round * 7)
            #expect(counters == model.counters, "seed \(seed), round \(round): \(settings)")
            #expect(counters.accesses == 600 && counters.ll.misses > 0)
        }
    }

    @Test("The table of counters has a row for each that a level can count, and sums add up row by row")
    func table() {
        var counters = PlainCounters()
        for (number, row) in PlainCounterTable.rows.enumerated() { counters[keyPath: row.keyPath] = UInt64(number + 1) }
        #expect(Set(PlainCounterTable.rows.map(\.name)).count == PlainCounterTable.rows.count)
        let levels = [counters.i1, counters.d1, counters.ll].map { level in
            Mirror(reflecting: level).children.map { $0.value as! UInt64 }
        }
        let others = Mirror(reflecting: counters).children.compactMap { $0.value as? UInt64 }
        // Every row has a place of its own; the empty ones are a first level's data writes from above, and i1's data.
        #expect(
            (levels.joined() + others).filter { $0 > 0 }.sorted()
                == (1...UInt64(PlainCounterTable.rows.count)).map { $0 })
        #expect(levels[2].allSatisfy { $0 > 0 } && others.allSatisfy { $0 > 0 })
        var sum = counters
        sum.add(counters)
        #expect(PlainCounterTable.rows.allSatisfy { sum[keyPath: $0.keyPath] == 2 * counters[keyPath: $0.keyPath] })
    }

    @Test(
        "Random replacement repeats with its seed, differs with another, and equals the others where a set has one way")
    func randomReplacement() throws {
        var generator = SeededGenerator(seed: 7)
        let accesses = accesses(3000, using: &generator)
        func counters(ways: Int, _ replacement: ReplacementPolicy, seed: Int = 1) throws -> PlainCounters {
            try simulate(
                accesses,
                on: .small {
                    $0.d1 = CacheGeometry(
                        capacityBytes: 512, lineBytes: 32, ways: ways, replacement: replacement, seed: seed)
                })
        }
        #expect(try counters(ways: 8, .random) == counters(ways: 8, .random))
        #expect(try counters(ways: 8, .random) != counters(ways: 8, .random, seed: 2))
        #expect(try counters(ways: 1, .random) == counters(ways: 1, .lru))
        #expect(try counters(ways: 8, .random).d1.misses != counters(ways: 8, .lru).d1.misses)
        // 64 sets of two ways: a third line drives out either of the two, and the first is there in about half of the
        // sets.
        let rounds = [0, 64, 128, 0].flatMap { first in
            (0..<64).map { CoreAccess(kind: .load, address: UInt64(first + $0) * 32, bytes: 4) }
        }
        let drawn = try simulate(
            rounds,
            on: .small {
                $0.d1 = CacheGeometry(capacityBytes: 4096, lineBytes: 32, ways: 2, replacement: .random, seed: 1)
            })
        #expect((208...240).contains(drawn.d1.misses))
    }
}
