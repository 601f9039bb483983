import Machine
import Simulator
import Testing
import Trace

@Suite("Rules of plain caches, by hand")
struct PlainRuleTests {
    private func read(_ address: UInt64, _ bytes: Int = 4) -> CoreAccess {
        CoreAccess(kind: .load, address: address, bytes: bytes)
    }
    private func write(_ address: UInt64, _ bytes: Int = 4) -> CoreAccess {
        CoreAccess(kind: .store, address: address, bytes: bytes)
    }

    @Test("An access over two lines counts once, or each line by itself, and the last level is asked accordingly")
    func straddle() throws {
        // Line 0 is there; the second access needs it and line 1.
        let accesses = [read(0), read(28, 8)]
        let once = try simulate(accesses, on: .small())
        #expect(once.d1.reads == 2 && once.d1.readMisses == 2 && once.ll.reads == 2 && once.ll.readMisses == 2)
        let each = try simulate(accesses, on: .small { $0.core.straddle = .each })
        #expect(each.d1.reads == 3 && each.d1.readMisses == 2 && each.ll.reads == 2 && each.ll.readMisses == 2)
        #expect(once.memoryReadBytes == 64 && each.memoryReadBytes == 64)
    }

    @Test("Addresses that differ in their highest bit alone are different lines, and an access may wrap")
    func wideTags() throws {
        let counters = try simulate([read(0), read(1 << 63), read(0), read(.max - 3, 8), read(.max)], on: .small())
        #expect(counters.d1.readMisses == 3 && counters.d1.reads == 5)
    }

    @Test("A set keeps the line used last under lru, and gives up the oldest under fifo")
    func replacement() throws {
        // Three lines of one set of two ways; line 0 is used again before the third comes.
        let accesses = [read(0), read(256), read(0), read(512), read(0)]
        #expect(try simulate(accesses, on: .small()).d1.readMisses == 3)
        #expect(try simulate(accesses, on: .small { $0.d1.replacement = .fifo }).d1.readMisses == 4)
    }

    @Test(
        "Dirty lines are written back, silently or as accesses of the last level, and stores without allocation pass by"
    )
    func writes() throws {
        let accesses = [write(0), read(256), read(512), read(768)]
        let silent = try simulate(accesses, on: .small())
        #expect(
            silent.d1.writeBacks == 1 && silent.ll.written == 0 && silent.memoryWriteBytes == 0
                && silent.ll.accesses == 4)
        let counted = try simulate(accesses, on: .small { $0.d1WritesAreAccesses = true })
        #expect(counted.ll.written == 1 && counted.ll.writtenMisses == 0 && counted.ll.accesses == 5)
        let through = try simulate(
            accesses,
            on: .small {
                $0.d1Writes.policy = .writeThrough; $0.llWrites.policy = .writeThrough
            })
        #expect(through.d1.writeBacks == 0 && through.memoryWriteBytes == 4)
        let past = try simulate([write(0), read(0)], on: .small { $0.d1Writes.allocates = false })
        #expect(past.d1.writeMisses == 1 && past.d1.readMisses == 1 && past.ll.writes == 1 && past.ll.readMisses == 0)
    }

    @Test("A modify is one read that leaves its line dirty; without i1 the fetches go to d1")
    func modifyAndFetch() throws {
        let accesses = [CoreAccess(kind: .atomic, address: 0, bytes: 4), read(256), read(512)]
        let modified = try simulate(accesses, on: .small())
        #expect(
            modified.modifies == 1 && modified.d1.reads == 3 && modified.d1.writes == 0 && modified.d1.writeBacks == 1)
        // The same as a load and the store that finishes it; a store by itself would be an access.
        for hint in [CacheHint.modify, .normal] {
            let halves = [read(0), write(0)].enumerated().map { lane, half in
                Operation.lanes(
                    LaneAccess(kind: half.kind, tensor: 0, laneBytes: 4, firstLane: lane, laneCount: 1, hint: hint))
            }
            let simulation = PlainSimulation(machine: try PlainMachine(.small()), cacheMode: .chained)
            let both = SyntheticSource(launch: launch()) { _, program in
                program.operations = halves
                program.laneAddresses = [0, 0]
            }
            let counters = try simulation.run(both).counters
            #expect(counters.accesses == (hint == .modify ? 1 : 2) && counters.modifies == (hint == .modify ? 1 : 0))
            #expect(counters.d1.reads == 1 && counters.d1.writes == (hint == .modify ? 0 : 1))
            #expect(try simulation.run(source([read(256), read(512)])).counters.d1.writeBacks == 1)
        }
        let fetch = [CoreAccess(kind: .fetch, address: 0, bytes: 4), read(0)]
        #expect(try simulate(fetch, on: .small()).d1.readMisses == 1)
        let unified = try simulate(fetch, on: .small { $0.core.hasInstructionCache = false })
        #expect(unified.d1.fetchMisses == 1 && unified.d1.readMisses == 0 && unified.i1.fetches == 0)
    }

    @Test("Caches stay over launches when chained and are empty when cold; a tile is its lanes one after another")
    func launches() throws {
        let tile = Operation.tile(
            TileAccess(
                kind: .load, tensor: 0, elementBytes: 4, address: 100, rows: 3, rowBytes: 90, pitchBytes: 200,
                requestRows: 2,
                lanesPerRow: 4, laneBytes: 8, laneStrideBytes: 16, replicas: 2))
        for mode in CacheMode.allCases {
            let simulation = PlainSimulation(
                machine: try PlainMachine(.small { $0.d1.capacityBytes = 1 << 14 }), cacheMode: mode)
            let source = SyntheticSource(launch: launch()) { _, program in program.operations = [tile] }
            let first = try simulation.run(source).counters
            let second = try simulation.run(source).counters
            // Rows of 11 lanes of 8 bytes and one of 2, each twice.
            #expect(first.accesses == 3 * 12 * 2 && first.accesses == (tile.laneAccesses ?? 0))
            #expect(second.d1.misses == (mode == .cold ? first.d1.misses : 0) && first.d1.misses > 0)
        }
    }

    @Test("An invalidation writes the first level's dirty lines back and empties it, not the last level")
    func invalidation() throws {
        let simulation = PlainSimulation(
            machine: try PlainMachine(.small { $0.d1WritesAreAccesses = true }), cacheMode: .cold)
        let store = Operation.lanes(LaneAccess(kind: .store, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 1))
        let counters = try simulation.run(
            SyntheticSource(launch: launch()) { _, program in
                program.operations = [store, store, .invalidateL1, store]
                program.laneAddresses = [64]
            }
        ).counters
        #expect(counters.d1.writes == 3 && counters.d1.writeMisses == 2 && counters.d1.writeBacks == 1)
        #expect(
            counters.ll.writes == 2 && counters.ll.writeMisses == 1 && counters.ll.written == 1
                && counters.ll.writtenMisses == 0)
    }

    @Test("A program that waits for other blocks is refused")
    func flags() throws {
        let simulation = PlainSimulation(machine: try PlainMachine(.small()), cacheMode: .cold)
        #expect(throws: SimulatorError.self) {
            try simulation.run(
                SyntheticSource(launch: launch()) { _, program in program.operations = [.signal(flag: 0)] })
        }
    }

    @Test("65,536 ways and lines of 64 KiB or 4 bytes work")
    func extremes() throws {
        let wide = try simulate(
            (0..<300).map { read(UInt64($0 % 150) * 64) },
            on: .small {
                $0.d1 = CacheGeometry(capacityBytes: 65536 * 64, lineBytes: 64, ways: 65536)
            })
        #expect(wide.d1.readMisses == 150)
        let long = try simulate(
            (0..<64).map { read(UInt64($0) * 4096) },
            on: .small {
                $0.i1 = CacheGeometry(capacityBytes: 4, lineBytes: 4, ways: 1)
                $0.d1 = CacheGeometry(capacityBytes: 1 << 20, lineBytes: 65536, ways: 16)
                $0.ll = CacheGeometry(capacityBytes: 1 << 20, lineBytes: 4, ways: 2)
            })
        #expect(long.d1.readMisses == 4 && long.ll.readMisses == 4)
    }
}

extension Operation {
    /// Lane accesses of a tile; nil for other operations.
    fileprivate var laneAccesses: UInt64? {
        if case .tile(let tile) = self { tile.laneAccesses } else { nil }
    }
}
