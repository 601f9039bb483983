import Machine
import Replacement
import Simulator
import TestSupport
import Testing
import Trace

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

    /// Every policy whose victims the accesses alone decide.
    static let decided = ReplacementPolicy.allCases.filter { $0 != .random }

    @Test(arguments: ReplacementPolicy.allCases) func `Every policy is chosen by its name`(
        policy: ReplacementPolicy
    ) throws {
        let options = ["l1", "l2"].map { "\($0).replacement=\(policy.rawValue)" }
        let machine = try MachineDescription(named: "h200", options: options)
        #expect(machine.l1.replacement == policy && machine.l2.replacement == policy)
        #expect(!policy.meaning.isEmpty && !policy.meaning.hasSuffix("."))
    }

    @Test(arguments: decided, [1, 2, 3, 5, 8, 12, 16, 33])
    func `The L2 keeps the lines that the policy's definition keeps`(
        policy: ReplacementPolicy, ways: Int
    ) throws {
        let seed = SeededGenerator.printedSeed("\(policy) in the L2, \(ways) ways")
        var generator = SeededGenerator(seed: seed)
        let machine = try machine(ways: ways, sets: 1) { $0.l2.replacement = policy }
        for _ in 0..<3 {
            var model = NaiveReplacement(policy, ways: ways)
            // Some lines come more often than others.
            let reads = (0..<250).map { _ in
                Int.random(in: 0...Int.random(in: 0...(2 * ways + 1), using: &generator), using: &generator)
            }
            let expected = reads.count { model.access($0).isHit }
            #expect(try hits(reads, on: machine) == UInt64(expected), "seed \(seed)")
        }
    }

    @Test(arguments: decided, [1, 2, 4, 7]) func `The L1 keeps the lines that the policy's definition keeps`(
        policy: ReplacementPolicy, ways: Int
    ) throws {
        let seed = SeededGenerator.printedSeed("\(policy) in the L1, \(ways) ways")
        var generator = SeededGenerator(seed: seed)
        let machine = try smallMachine {
            $0.l1.ways = ways
            $0.l1.replacement = policy
        }
        let kernel = launch()
        let occupancy = try machine.occupancy(
            threadsPerBlock: 32, registersPerThread: 32, sharedMemoryBytesPerBlock: kernel.sharedMemoryBytesPerBlock)
        let sets = machine.l1Sets(capacityBytes: occupancy.l1CapacityBytes)
        var model = NaiveReplacement(policy, ways: ways)
        let reads = (0..<250).map { _ in
            Int.random(in: 0...Int.random(in: 0...(2 * ways + 1), using: &generator), using: &generator)
        }
        let expected = reads.count { model.access($0).isHit }
        let operations = reads.flatMap { [access(.load, at: $0 * sets * 128, bytes: 32), .awaitLoads] }
        #expect(try result([operations], on: machine).counters.l1LoadHitSectors == UInt64(expected), "seed \(seed)")
    }

    /// Lines 0 to 19 that a set of four ways holds after `reads`.
    private func held(after reads: [Int], policy: ReplacementPolicy) throws -> [Int] {
        let machine = try machine(ways: 4, sets: 1) { $0.l2.replacement = policy }
        let before = try hits(reads, on: machine)
        return try (0..<20).filter { try hits(reads + [$0], on: machine) == before + 1 }
    }

    @Test func `SRRIP gives up the first line expected back latest, a new one before one that was hit`() throws {
        // All four lines come with 2 and age to 3 for the fifth, which takes the first way.
        #expect(try held(after: [0, 1, 2, 3], policy: .srrip) == [0, 1, 2, 3])
        #expect(try held(after: [0, 1, 2, 3, 4], policy: .srrip) == [1, 2, 3, 4])
        // 1, 2 and 3 have 3 now, and leave in the order of their ways; then 4 ages to 3, as do 5, 6 and 7.
        #expect(try held(after: [0, 1, 2, 3, 4, 5, 6], policy: .srrip) == [3, 4, 5, 6])
        #expect(try held(after: [0, 1, 2, 3, 4, 5, 6, 7, 8], policy: .srrip) == [5, 6, 7, 8])
        // 0 was hit and has 0: three lines that come once do not drive it out, though it is in the first way.
        #expect(try held(after: [0, 1, 2, 3, 0, 4, 5, 6], policy: .srrip) == [0, 4, 5, 6])
        // 0 has 1 by now. The next line finds 2, 2 and 2 beside it, all of which age: 4 leaves, and 0 has 2; then 5
        // and 6.
        #expect(try held(after: [0, 1, 2, 3, 0, 4, 5, 6, 7], policy: .srrip) == [0, 5, 6, 7])
        #expect(try held(after: [0, 1, 2, 3, 0, 4, 5, 6, 7, 8, 9], policy: .srrip) == [0, 7, 8, 9])
        // For the next one 0 ages to 3 with 7, 8 and 9, and its way is the first.
        #expect(try held(after: [0, 1, 2, 3, 0, 4, 5, 6, 7, 8, 9, 10], policy: .srrip) == [7, 8, 9, 10])
    }

    @Test
    func `Segmented LRU gives up lines that were not hit before those that were, which are at most half of the set`()
        throws
    {
        #expect(try held(after: [0, 1, 2, 3, 4], policy: .slru) == [1, 2, 3, 4])
        // 0 and 1 were hit: any number of lines that come once leaves them alone.
        #expect(try held(after: [0, 1, 2, 3, 0, 1] + Array(4...9), policy: .slru) == [0, 1, 8, 9])
        // A third hit line sends 0, the oldest of them, back, where it is younger than 3.
        #expect(try held(after: [0, 1, 2, 3, 0, 1, 2, 4], policy: .slru) == [0, 1, 2, 4])
        #expect(try held(after: [0, 1, 2, 3, 0, 1, 2, 4, 5], policy: .slru) == [1, 2, 4, 5])
        // Hit again, 0 sends 1 back in its turn.
        #expect(try held(after: [0, 1, 2, 3, 0, 1, 2, 0, 4, 5], policy: .slru) == [0, 2, 4, 5])
    }

    @Test(arguments: [ReplacementPolicy.srrip, .slru])
    func `Dirty lines are cleaned in the order in which they would leave`(
        policy: ReplacementPolicy
    ) throws {
        // Lines 0 and 1 are dirty; 0 is used again, so that 1 leaves first.
        let start = [store(line: 0, bytes: 32), store(line: 1, bytes: 32)] + copy(line: 0, bytes: 32)
        func written(_ operations: [Operation], share: Double, age: Double) throws -> UInt64 {
            let machine = try machine(ways: 4, sets: 1) {
                $0.l2.replacement = policy
                $0.l2.dirtyShare = share
                $0.l2.cleanAge = age
            }
            // Line 1, if it is dirty still, is watched.
            return try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: launch()) { _, program in program.operations = operations },
                watching: [128..<256]
            ).watched?.writtenBytes ?? 0
        }
        // A third dirty line is one too many.
        #expect(try written(start + [store(line: 2, bytes: 32)], share: 0.5, age: 1) == 32)
        // Where all may be dirty, 1 is cleaned for the first line that comes when two others would leave after it.
        let later = copy(line: 2, bytes: 32) + copy(line: 3, bytes: 32)
        #expect(try written(start + later, share: 1, age: 0.75) == 0)
        #expect(try written(start + later, share: 1, age: 0.5) == 32)
    }

    @Test func `Random replacement draws every way, and begins anew with each cold launch`() throws {
        let machine = try machine(ways: 2, sets: 64) { $0.l2.replacement = .random }
        // Two lines in each set, a third for one of them, and the first again.
        let reads = [0, 64, 128, 0].flatMap { first in (0..<64).map { first + $0 } }
        let found = try hits(reads, on: machine)
        #expect((16...48).contains(found))
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        for _ in 0..<4 {
            let source = SyntheticSource(launch: launch()) { _, program in
                program.operations = reads.flatMap { copy(line: $0, bytes: 32) }
            }
            #expect(try simulation.run(source).counters.l2TexReadHitSectors == found)
        }
    }

    @Test func `A line that takes another's way is neither dirty nor torn`() throws {
        let machine = try machine(ways: 1, sets: 1) {
            $0.l2.dirtyShare = 1
            $0.l2.cleanAge = 1
        }
        // Half a sector of line 0 leaves; line 1 is read, half a sector of it written, and leaves.
        let operations =
            [access(.store, at: 0, bytes: 16)] + copy(line: 1, bytes: 32) + [access(.store, at: 128, bytes: 16)]
            + copy(line: 2, bytes: 32)
        let c = try result([operations], on: machine).counters
        #expect(c.hbmWriteBytes == 64)
        // Line 0's other half, line 1 and line 2.
        #expect(c.hbmReadBytes == 96)
        let torn =
            [access(.store, at: 0, bytes: 16)] + copy(line: 1, bytes: 32) + [access(.store, at: 160, bytes: 16)]
            + copy(line: 2, bytes: 32)
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

    @Test(arguments: SetHash.allCases) func `What leaves is written to the line that it is, wherever its tensor lies`(
        hash: SetHash
    ) throws {
        let machine = try machine(ways: 4, sets: 24) { $0.l2.hash = hash }
        for base in [0, 0x7F20_0000_0000] {
            var header = launch()
            header.tensors = [Tensor(name: "buffer", baseAddress: UInt64(base), byteCount: 1 << 24, elementType: "f32")]
            let stores = (0..<60).map { access(.store, at: base + 37 * $0 * 128, bytes: 32) }
            let reads = (0..<800).flatMap { [access(.copyBypass, at: base + (1 << 23) + $0 * 128, bytes: 32)] }
            // Each line that is written is watched, and none that is read.
            let watched = (0..<60).map { UInt64(base + 37 * $0 * 128)..<UInt64(base + 37 * $0 * 128 + 128) }
            let result = try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: header) { _, program in
                    program.operations = stores + [pause(5000)] + reads + [.commitGroup]
                },
                watching: watched)
            #expect(result.counters.hbmWriteBytes == 60 * 32)
            #expect(result.watched?.writtenBytes == 60 * 32)
            #expect(result.watched?.readBytes == 0)
        }
    }
}
