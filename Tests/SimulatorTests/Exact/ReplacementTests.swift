import Experiments
import Machine
import Simulator
import TestSupport
import Testing
import Trace

/// A binary tree over ways whose nodes point to the half that was not used last.
private indirect enum WayTree {
    case way(Int)
    case node(pointsRight: Bool, left: WayTree, right: WayTree)

    init(_ ways: Range<Int>) {
        let middle = (ways.lowerBound + ways.upperBound) / 2
        self = ways.count == 1
            ? .way(ways.lowerBound)
            : .node(pointsRight: false, left: WayTree(ways.lowerBound..<middle), right: WayTree(middle..<ways.upperBound))
    }

    func holds(_ way: Int) -> Bool {
        switch self {
        case .way(let own): own == way
        case .node(_, let left, let right): left.holds(way) || right.holds(way)
        }
    }

    var victim: Int {
        switch self {
        case .way(let own): own
        case .node(let pointsRight, let left, let right): pointsRight ? right.victim : left.victim
        }
    }

    mutating func use(_ way: Int) {
        guard case .node(_, var left, var right) = self else { return }
        let isLeft = left.holds(way)
        if isLeft { left.use(way) } else { right.use(way) }
        self = .node(pointsRight: isLeft, left: left, right: right)
    }
}

/// Which lines leave, and where lines lie, observed through hits.
@Suite struct ReplacementTests {
    private func machine(ways: Int, sets: Int, _ change: (inout MachineSettings) -> Void) throws -> MachineDescription {
        try smallMachine {
            $0.l2.ways = ways
            $0.l2.capacityBytes = 128 * ways * sets
            change(&$0)
        }
    }

    private func hits(_ lines: [Int], on machine: MachineDescription) throws -> UInt64 {
        try result([lines.flatMap { copy(line: $0, bytes: 32) }], on: machine).counters.l2TexReadHitSectors
    }

    @Test(arguments: [1, 2, 3, 5, 8, 12, 16]) func `Tree replacement follows the tree's nodes`(ways: Int) throws {
        let seed = SeededGenerator.printedSeed("tree of \(ways)")
        var generator = SeededGenerator(seed: seed)
        let machine = try machine(ways: ways, sets: 1) { $0.l2.replacement = .treePLRU }
        for _ in 0..<6 {
            var tree = WayTree(0..<ways)
            var held: [Int?] = Array(repeating: nil, count: ways)
            var expected: UInt64 = 0
            let reads = (0..<250).map { _ in Int.random(in: 0...(ways + 1), using: &generator) }
            for line in reads {
                if let way = held.firstIndex(of: line) {
                    expected += 1
                    tree.use(way)
                } else {
                    let way = held.firstIndex(of: nil) ?? tree.victim
                    held[way] = line
                    tree.use(way)
                }
            }
            #expect(try hits(reads, on: machine) == expected, "seed \(seed)")
        }
    }

    @Test func `Random replacement draws every way, and begins anew with each cold launch`() throws {
        let machine = try machine(ways: 2, sets: 64) { $0.l2.replacement = .random }
        // Two lines in each set, a third for one of them, and the first again.
        let reads = [0, 64, 128, 0].flatMap { first in (0..<64).map { first + $0 } }
        let found = try hits(reads, on: machine)
        #expect((16...48).contains(found))
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        for _ in 0..<4 {
            let source = SyntheticSource(launch: launch()) { _, program in program.operations = reads.flatMap { copy(line: $0, bytes: 32) } }
            #expect(try simulation.run(source).counters.l2TexReadHitSectors == found)
        }
    }

    @Test func `A line that takes another's way is neither dirty nor torn`() throws {
        let machine = try machine(ways: 1, sets: 1) {
            $0.l2.dirtyShare = 1
            $0.l2.cleanAge = 1
        }
        // Half a sector of line 0 leaves; line 1 is read, half a sector of it written, and leaves.
        let operations = [access(.store, at: 0, bytes: 16)] + copy(line: 1, bytes: 32) + [access(.store, at: 128, bytes: 16)]
            + copy(line: 2, bytes: 32)
        let c = try result([operations], on: machine).counters
        #expect(c.hbmWriteBytes == 64)
        // Line 0's other half, line 1 and line 2.
        #expect(c.hbmReadBytes == 96)
        let torn = [access(.store, at: 0, bytes: 16)] + copy(line: 1, bytes: 32) + [access(.store, at: 160, bytes: 16)] + copy(line: 2, bytes: 32)
        #expect(try result([torn], on: machine).counters.hbmReadBytes == 128)
    }

    @Test func `Blocks of sets hold contiguous lines, and spread those that lie a block apart`() throws {
        let machine = try machine(ways: 8, sets: 64) { $0.l2.hash = .blockXor }
        let contiguous = Array(1000..<1512)
        // Not aligned to the blocks of 64 lines: eight full ones in each set, but for the ends.
        #expect(try hits(Array(1024..<1536) + Array(1024..<1536), on: machine) == 512)
        #expect(try hits(contiguous + contiguous, on: machine) > 256)
        let apart = (0..<64).map { $0 * 64 }
        #expect(try hits(apart + apart, on: machine) == 64)
    }

    @Test(arguments: SetHash.allCases) func `What leaves is written to the line that it is, wherever its tensor lies`(hash: SetHash) throws {
        let machine = try machine(ways: 4, sets: 24) { $0.l2.hash = hash }
        for base in [0, 0x7F20_0000_0000] {
            var header = launch()
            header.tensors = [Tensor(name: "buffer", baseAddress: UInt64(base), byteCount: 1 << 24, elementType: "f32")]
            let stores = (0..<60).map { access(.store, at: base + 37 * $0 * 128, bytes: 32) }
            let reads = (0..<800).flatMap { [access(.copyBypass, at: base + (1 << 23) + $0 * 128, bytes: 32)] }
            // Each line that is written is watched, and none that is read.
            let watched = (0..<60).map { UInt64(base + 37 * $0 * 128)..<UInt64(base + 37 * $0 * 128 + 128) }
            let result = try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: header) { _, program in program.operations = stores + [pause(5000)] + reads + [.commitGroup] },
                watching: watched)
            #expect(result.counters.hbmWriteBytes == 60 * 32)
            #expect(result.watched?.writtenBytes == 60 * 32)
            #expect(result.watched?.readBytes == 0)
        }
    }
}
