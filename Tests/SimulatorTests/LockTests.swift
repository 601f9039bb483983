import Machine
import Simulator
import TestSupport
import Testing
import Trace

private let locksAddress: UInt64 = 1 << 24

/// A launch with 32 locks behind its buffer.
private func locking(blocks: Int, threads: Int = 32) -> KernelLaunch {
    var launch = launch(blocks: blocks, threads: threads, sharedMemoryBytes: 8 << 10)
    launch.tensors = [
        Tensor(name: "buffer", baseAddress: 0, byteCount: 1 << 20, elementType: "f32"),
        Tensor(name: "locks", baseAddress: locksAddress, byteCount: 4096, elementType: "i32"),
    ]
    return launch
}

private func word(_ lock: Int, _ hint: CacheHint) -> Operation {
    .tile(
        TileAccess(
            kind: .atomic, tensor: 1, elementBytes: 4, address: locksAddress + UInt64(lock) * 128, rows: 1, rowBytes: 4,
            pitchBytes: 4, requestRows: 1, lanesPerRow: 1, laneBytes: 4, laneStrideBytes: 4, hint: hint))
}

private func take(_ lock: Int) -> Operation { word(lock, .takesLock) }
private func give(_ lock: Int) -> Operation { word(lock, .givesLock) }

/// 4 instructions a warp and cycle at most, so this takes at least as many cycles.
private func work(_ cycles: Int) -> Operation { .compute(ComputeWork(instructions: cycles)) }

private func run(
    _ launch: KernelLaunch, on machine: MachineDescription, threads: Int = 1,
    _ operations: @escaping @Sendable (Int) -> [Operation]
) throws -> LaunchResult {
    let simulation = try Simulation(machine: machine, cacheMode: .cold, threads: threads)
    return try simulation.run(
        SyntheticSource(launch: launch) { block, program in program.operations = operations(block) })
}

@Suite("Locks that blocks take and give back")
struct LockTests {
    @Test("Sections under one lock follow each other, those under several run side by side")
    func sections() throws {
        let machine = try smallMachine()
        let step = work(2000)
        let section = try run(locking(blocks: 1), on: machine) { _ in [step] }.spanCycles
        let begin = try run(locking(blocks: 1), on: machine) { _ in [] }.spanCycles
        let one = try run(locking(blocks: 4), on: machine) { _ in [take(0), step, give(0)] }
        let own = try run(locking(blocks: 4), on: machine) { block in [take(block), step, give(block)] }
        let sections = begin + 4 * (section - begin)
        #expect(one.spanCycles > sections)
        // Around each section lie a fence, an exchange, the rest of a poll's period and an answer.
        #expect(one.spanCycles < sections + 4 * 2500)
        #expect(own.spanCycles < section + 2500)
        #expect(own.counters.flagPolls == 0 && own.counters.flagSignals == 4)
        #expect(one.counters.flagPolls > 0 && one.counters.flagSignals == 4)
    }

    @Test("Each compare-and-swap and each exchange is one atomic of one sector")
    func atomics() throws {
        let result = try run(locking(blocks: 6), on: try smallMachine()) { block in
            [take(block % 2), work(3000), give(block % 2), take(2), give(2)]
        }
        let counters = result.counters
        #expect(counters.flagSignals == 12)
        #expect(counters.l1AtomicSectors == 24 + counters.flagPolls)
        #expect(counters.l2TexReductionSectors == counters.l1AtomicSectors)
    }

    @Test("A block that takes its lock again waits its turn, and all turns end")
    func turns() throws {
        let result = try run(locking(blocks: 3), on: try smallMachine()) { _ in
            (0..<5).flatMap { _ in [take(7), work(2000), give(7)] }
        }
        #expect(result.counters.flagSignals == 15)
        #expect(result.spanCycles >= 15 * 2000)
    }

    @Test("Locks empty the L1 of their SM")
    func invalidation() throws {
        let load = Operation.tile(
            TileAccess(
                kind: .load, tensor: 0, elementBytes: 4, address: 0, rows: 1, rowBytes: 128, pitchBytes: 128,
                requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4))
        let machine = try smallMachine()
        let locked = try run(locking(blocks: 1), on: machine) { _ in
            [load, .awaitLoads, take(0), load, .awaitLoads, give(0), load, .awaitLoads]
        }
        let free = try run(locking(blocks: 1), on: machine) { _ in
            [load, .awaitLoads, load, .awaitLoads, load, .awaitLoads]
        }
        #expect(locked.counters.l1LoadHitSectors == 0)
        #expect(free.counters.l1LoadHitSectors == 8)
    }

    @Test("A fence between two polls asks no slice")
    func fences() throws {
        let machine = try smallMachine()
        let short = try run(locking(blocks: 2), on: machine) { _ in [take(0), work(5000), give(0)] }
        let long = try run(locking(blocks: 2), on: machine) { _ in [take(0), work(50_000), give(0)] }
        #expect(long.counters.flagPolls > short.counters.flagPolls + 10)
        #expect(long.counters.l2OtherSectors == short.counters.l2OtherSectors)
    }

    @Test("Results do not depend on the number of threads", arguments: 0..<4)
    func threads(round: Int) throws {
        let seed = UInt64(0x10C4 + round)
        print("lock seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let locks = (0..<600).map { _ in Int.random(in: 0..<8, using: &generator) }
        let works = (0..<600).map { _ in Int.random(in: 1...3000, using: &generator) }
        let machine = try MachineDescription(preset: .h200)
        let program: @Sendable (Int) -> [Operation] = { block in
            [work(works[block]), take(locks[block]), work(200), give(locks[block])]
        }
        let one = try run(locking(blocks: 600, threads: 128), on: machine, program)
        let two = try run(locking(blocks: 600, threads: 128), on: machine, threads: 2, program)
        #expect(one.spanCycles == two.spanCycles && one.counters == two.counters)
        #expect(one.counters.flagSignals == 600)
    }

    @Test("Locks that are never given back end the launch with an error")
    func never() throws {
        let machine = try smallMachine()
        #expect(throws: SimulatorError.locksNeverGiven(kernel: "test", blocks: 1)) {
            _ = try run(locking(blocks: 2), on: machine) { _ in [take(0)] }
        }
        // Two blocks take two locks in opposite orders, both before either gives one back.
        #expect(throws: SimulatorError.locksNeverGiven(kernel: "test", blocks: 2)) {
            _ = try run(locking(blocks: 2), on: machine) { block in
                [take(block), work(20_000), take(1 - block), give(1 - block), give(block)]
            }
        }
    }
}
