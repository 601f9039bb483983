import Machine
import Replacement
import TestSupport
import Testing

@testable import Simulator

/// The two stores of lines against `NaiveReplacement`, line by line, with lines that are removed.
@Suite struct StoreLawTests {
    private enum Step {
        case access(Int), remove(Int)
    }

    private func steps(_ count: Int, lines: Int, using generator: inout SeededGenerator) -> [Step] {
        (0..<count).map { _ in
            let line = Int.random(in: 0...Int.random(in: 0..<lines, using: &generator), using: &generator)
            return Int.random(in: 0..<8, using: &generator) == 0 ? .remove(line) : .access(line)
        }
    }

    @Test(arguments: ReplacementTests.decided, [1, 2, 3, 7, 16, 64])
    func `Tags of lines come and leave as the definition says`(
        policy: ReplacementPolicy, ways: Int
    ) {
        let seed = SeededGenerator.printedSeed("\(policy) with removals, \(ways) ways")
        var generator = SeededGenerator(seed: seed)
        var store = TagStore(sets: 3, ways: ways, replacement: policy, seed: 1)
        for round in 0..<3 {
            var model = NaiveReplacement(policy, ways: ways)
            // What left at each access; nil at a hit.
            var expected: [Int?] = []
            var found: [Int?] = []
            for step in steps(20 * ways + 100, lines: 2 * ways + 2, using: &generator) {
                switch step {
                case .access(let line):
                    let (isHit, left) = model.access(line)
                    expected.append(isHit ? nil : left ?? Int(TagStore.emptyTag))
                    let way = store.find(set: 1, tag: UInt32(line))
                    if way >= 0 {
                        store.touch(set: 1, way: way)
                        found.append(nil)
                    } else {
                        let way = store.victim(set: 1)
                        found.append(Int(store.tag(set: 1, way: way)))
                        store.insert(set: 1, way: way, tag: UInt32(line), sectors: 1)
                    }
                case .remove(let line):
                    model.remove(line, closesGap: false)
                    let way = store.find(set: 1, tag: UInt32(line))
                    if way >= 0 { store.remove(set: 1, way: way) }
                }
            }
            #expect(found == expected, "seed \(seed), round \(round)")
            // An emptied store begins anew.
            store.reset()
        }
        #expect(store.find(set: 0, tag: 0) < 0 && store.find(set: 2, tag: 0) < 0)
    }

    @Test(arguments: ReplacementTests.decided, [1, 2, 3, 7, 16, 100])
    func `Lines of plain caches come and leave as the definition says`(
        policy: ReplacementPolicy, ways: Int
    ) {
        let seed = SeededGenerator.printedSeed("\(policy) in plain caches, \(ways) ways")
        var generator = SeededGenerator(seed: seed)
        var store = LineStore(
            CacheGeometry(capacityBytes: 64 * 3 * ways, lineBytes: 64, ways: ways, replacement: policy))
        for round in 0..<3 {
            var model = NaiveReplacement(policy, ways: ways)
            // What left at each access; nil at a hit.
            var expected: [Int?] = []
            var found: [Int?] = []
            for step in steps(20 * ways + 100, lines: 2 * ways + 2, using: &generator) {
                switch step {
                case .access(let line):
                    let (isHit, left) = model.access(line)
                    expected.append(isHit ? nil : left ?? -1)
                    switch store.touch(UInt64(line * 3 + 1), mark: LineStore.dirty, allocates: true) {
                    case LineStore.hit: found.append(nil)
                    case LineStore.nothing: found.append(-1)
                    case let word: found.append(Int((word & ~LineStore.dirty) - 1) / 3)
                    }
                case .remove(let line):
                    model.remove(line, closesGap: true)
                    store.remove(UInt64(line * 3 + 1))
                }
            }
            #expect(found == expected, "seed \(seed), round \(round)")
            store.reset()
        }
    }

    @Test(arguments: [ReplacementPolicy.lru, .fifo, .slru, .random])
    func `Dirty lines of a plain cache are handed out by age`(
        policy: ReplacementPolicy
    ) {
        func filled() -> LineStore {
            var store = LineStore(CacheGeometry(capacityBytes: 64 * 8, lineBytes: 64, ways: 4, replacement: policy))
            for line in [0, 2, 4, 1, 3, 6] as [UInt64] {
                _ = store.touch(line, mark: line == 2 ? 0 : LineStore.dirty, allocates: true)
            }
            return store
        }
        var cleaned: [UInt64] = []
        filled().cleanAll { cleaned.append($0) }
        // Set 1 first, the oldest line of each first; line 2 is clean.
        #expect(cleaned == [1, 3, 0, 4, 6])
        var drained: [UInt64] = []
        filled().drain { drained.append($0) }
        #expect(drained == [6, 4, 0, 3, 1])
    }
}
