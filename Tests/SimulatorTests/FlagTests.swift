import Machine
import Simulator
import TestSupport
import Testing
import Trace

private let flagsAddress: UInt64 = 1 << 24

/// A launch with 1024 flags behind its buffer.
private func flagged(blocks: Int, threads: Int = 32) -> KernelLaunch {
    var launch = launch(blocks: blocks, threads: threads, sharedMemoryBytes: 8 << 10)
    launch.tensors = [
        Tensor(name: "buffer", baseAddress: 0, byteCount: 1 << 20, elementType: "f32"),
        Tensor(name: "flags", baseAddress: flagsAddress, byteCount: 4096, elementType: Tensor.flagType),
    ]
    return launch
}

private func run(
    _ launch: KernelLaunch, on machine: MachineDescription, threads: Int = 1,
    _ operations: @escaping @Sendable (Int) -> [Operation]
) throws -> LaunchResult {
    let simulation = try Simulation(machine: machine, cacheMode: .cold, threads: threads)
    return try simulation.run(
        SyntheticSource(launch: launch) { block, program in program.operations = operations(block) })
}

@Suite("Signals and waits between blocks")
struct FlagTests {
    /// 4 instructions a warp and cycle at most, so this takes at least as many cycles.
    private static func work(_ cycles: Int) -> Operation { .compute(ComputeWork(instructions: cycles)) }

    @Test("A wait lasts until the signal's fence and its way to the L2 are over, to the poll's grain")
    func handOver() throws {
        let machine = try smallMachine()
        let alone = try run(flagged(blocks: 1), on: machine) { _ in [Self.work(20_000), .signal(flag: 3)] }
        let both = try run(flagged(blocks: 2), on: machine) { block in
            block == 0 ? [Self.work(20_000), .signal(flag: 3)] : [.awaitFlag(flag: 3, count: 1)]
        }
        let way = Double(machine.l2.nearLatencyCycles)
        let period = way + machine.sm.pollPauseCycles
        let delay = machine.sm.signalCycles + way / 2
        #expect(both.spanCycles >= alone.spanCycles + delay)
        #expect(both.spanCycles <= alone.spanCycles + delay + period + 1)
        #expect(both.counters.flagSignals == 1)
        // The flag's word comes from memory once; from then on there is a poll each period.
        let waited = both.useCycles[TimeUse.flags.rawValue]
        #expect(waited > 20_000)
        #expect(abs(Double(both.counters.flagPolls) - waited / period) < 4)
        // One warp: 13 instructions for each poll behind one that did not show the signal.
        #expect(both.counters.warpInstructions == alone.counters.warpInstructions + 13 * (both.counters.flagPolls - 1))
        #expect(both.counters.l1ReductionSectors == 1)
        #expect(both.counters.l1LoadSectors == both.counters.flagPolls)
    }

    @Test("Later signals do not make the first one come sooner")
    func severalSignals() throws {
        let machine = try smallMachine()
        func waited(signals: Int) throws -> Double {
            let result = try run(flagged(blocks: 1 + 8), on: machine) { block in
                block == 0
                    ? [.awaitFlag(flag: 3, count: 1)]
                    : [Self.work(20_000)] + (block <= signals ? [.signal(flag: 3)] : [])
            }
            return result.useCycles[TimeUse.flags.rawValue]
        }
        #expect(try waited(signals: 8) >= waited(signals: 1))
    }

    @Test("A signal that was given before costs one poll; a wait for none is one poll too")
    func earlySignal() throws {
        let machine = try smallMachine()
        let late = try run(flagged(blocks: 2), on: machine) { block in
            block == 0 ? [.signal(flag: 0)] : [Self.work(20_000), .awaitFlag(flag: 0, count: 1)]
        }
        #expect(late.counters.flagPolls == 1)
        let none = try run(flagged(blocks: 1), on: machine) { _ in [.awaitFlag(flag: 0, count: 0)] }
        #expect(none.counters.flagPolls == 1)
    }

    @Test("Polls drop what the SM's L1 held, signals do not")
    func invalidation() throws {
        let machine = try smallMachine()
        let load: [Operation] = [access(.load, at: 0, bytes: 128), .awaitLoads]
        let acquired = try run(flagged(blocks: 1), on: machine) { _ in load + [.awaitFlag(flag: 0, count: 0)] + load }
        #expect(acquired.counters.l1LoadHitSectors == 0)
        let released = try run(flagged(blocks: 1), on: machine) { _ in load + [.signal(flag: 0)] + load }
        #expect(released.counters.l1LoadHitSectors == 4)
    }

    @Test("Blocks that wait for what comes after them, or never, are reported, and flags must exist")
    func refusals() throws {
        let machine = try smallMachine()
        #expect(throws: SimulatorError.flagsNeverSignalled(kernel: "test", blocks: 1)) {
            _ = try run(flagged(blocks: 1), on: machine) { _ in [.awaitFlag(flag: 0, count: 1)] }
        }
        #expect(throws: SimulatorError.noFlags(kernel: "test")) {
            _ = try run(launch(), on: machine) { _ in [.signal(flag: 0)] }
        }
        #expect(throws: SimulatorError.flagOutside(kernel: "test", flag: 1024, flags: 1024)) {
            _ = try run(flagged(blocks: 1), on: machine) { _ in [.signal(flag: 1024)] }
        }
        // Every slot is taken by a block that waits for the last one.
        let crowd = flagged(blocks: 200)
        #expect(throws: SimulatorError.self) {
            _ = try run(crowd, on: machine) { block in
                block == 199 ? [.signal(flag: 0)] : [.awaitFlag(flag: 0, count: 1)]
            }
        }
    }

    @Test(
        "Two blocks of the H200 hand over in the measured time",
        arguments: [(0, 1076, 1497), (1, 1246, 1583), (8, 1444, 1729)])
    func measuredHandOver(lines: Int, least: Double, most: Double) throws {
        // docs/validation/h200_flags.md: behind stores to none, one and eight lines a warp.
        let rounds = 400
        let launch = flagged(blocks: 2, threads: 128)
        let result = try run(launch, on: MachineDescription(preset: .h200)) { block in
            (0..<rounds).flatMap { round -> [Operation] in
                guard round % 2 == block else { return [.awaitFlag(flag: 0, count: UInt32(round + 1))] }
                let stores = (0..<lines).map {
                    access(.store, at: (round % 64 * 8 + $0) * 4096 + block * 2048, bytes: 512)
                }
                return stores + [.signal(flag: 0)]
            }
        }
        let cycles = result.spanCycles / Double(rounds)
        print("hand-over behind \(lines) lines a warp: \(cycles) cycles")
        #expect(cycles >= least && cycles <= most)
    }

    @Test(
        "Signals and polls that take long on their way do not count as missing", arguments: [(1e6, 60.0), (535.0, 1e6)])
    func longWays(signal: Double, pause: Double) throws {
        let machine = try smallMachine { settings in
            settings.sm.signalCycles = signal
            settings.sm.pollPauseCycles = pause
        }
        let result = try run(flagged(blocks: 2), on: machine) { block in
            block == 0 ? [.signal(flag: 3), .awaitFlag(flag: 3, count: 1)] : [.awaitFlag(flag: 3, count: 1)]
        }
        #expect(result.spanCycles > 1_000_000)
        #expect(result.lifetimes.count == 2)
    }

    @Test("Blocks that wait for one that computes for ever end in an error")
    func endless() throws {
        let machine = try smallMachine { settings in
            settings.sm.pipeExponent = 64
            settings.sm.memoryInstructionCycles = 1e6
        }
        #expect(throws: SimulatorError.stalled(kernel: "test", blocks: 2)) {
            _ = try run(flagged(blocks: 2), on: machine) { block in
                block == 0
                    ? [.compute(ComputeWork(instructions: 9, memory: 9)), .signal(flag: 0)]
                    : [.awaitFlag(flag: 0, count: 1)]
            }
        }
    }

    @Test("Chains of blocks through both partitions end alike on one thread and on two", arguments: 1...3)
    func chains(round: Int) throws {
        let seed = UInt64(0xF1A6 + round)
        print("chain seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let blocks = 500
        let steps = (0..<blocks).map { _ in Int.random(in: 1...2000, using: &generator) }
        let waits = (0..<blocks).map { block in
            block == 0 ? 0 : Int.random(in: max(0, block - 200)..<block, using: &generator)
        }
        let program: @Sendable (Int) -> [Operation] = { block in
            (block == 0 ? [] : [.awaitFlag(flag: UInt32(waits[block] % 128), count: UInt32(waits[block] / 128 + 1))])
                + [access(.load, at: steps[block] * 128, bytes: 512), .awaitLoads, Self.work(steps[block])]
                + [access(.store, at: block * 128, bytes: 128), .signal(flag: UInt32(block % 128))]
        }
        let machine = try MachineDescription(preset: .h200)
        let one = try run(flagged(blocks: blocks), on: machine, threads: 1, program)
        let two = try run(flagged(blocks: blocks), on: machine, threads: 2, program)
        #expect(one.counters == two.counters)
        #expect(one.spanCycles == two.spanCycles)
        #expect(one.counters.flagSignals == UInt64(blocks))
        #expect(one.counters.flagPolls >= UInt64(blocks - 1))
    }
}

/// Each block's program in pieces of a few operations.
private struct PiecewiseSource: PartedProgramSource {
    let launch: KernelLaunch
    let pieces: [[Operation]]
    var next: [Int]

    init(launch: KernelLaunch, pieces: [[Operation]]) {
        self.launch = launch
        self.pieces = pieces
        next = [Int](repeating: 0, count: launch.grid.blockCount)
    }

    mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        _ = loadNextPart(ofBlock: block, into: &program)
    }

    mutating func loadNextPart(ofBlock block: Int, into program: inout BlockProgram) -> Bool {
        program.removeAll()
        guard next[block] < pieces.count else { return false }
        program.operations = pieces[next[block]]
        next[block] += 1
        return true
    }
}

@Suite("Programs in parts")
struct PartTests {
    @Test("A program in parts does what it does as a whole")
    func parts() throws {
        // One step throughout: what the first part does not show of the code would not be fetched.
        let step = Operation.compute(ComputeWork(instructions: 100, tensor: 4))
        let pieces: [[Operation]] = [
            [access(.load, at: 0, bytes: 4096), step],
            [.awaitLoads, access(.copyBypass, at: 8192, bytes: 1024), .commitGroup],
            [step, .awaitGroups(pending: 0)],
            [],
            [access(.store, at: 65536, bytes: 512)],
        ]
        let machine = try smallMachine()
        let whole = try run(flagged(blocks: 40, threads: 128), on: machine) { _ in pieces.flatMap { $0 } }
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let parted = try simulation.run(PiecewiseSource(launch: flagged(blocks: 40, threads: 128), pieces: pieces))
        #expect(parted.counters == whole.counters)
        // A part is fetched between windows, when other blocks of the SM may be further already.
        #expect(abs(parted.spanCycles / whole.spanCycles - 1) < 0.03)
        #expect(parted.lifetimes.count == 40)
    }

    @Test("Watched addresses have their traffic with memory counted apart")
    func watched() throws {
        let machine = try smallMachine()
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let source = SyntheticSource(launch: flagged(blocks: 4)) { block, program in
            program.operations = [
                access(.load, at: block * 4096, bytes: 4096), access(.load, at: (1 << 19) + block * 512, bytes: 512),
                .awaitLoads,
            ]
        }
        let result = try simulation.run(source, watching: [(1 << 19)..<(1 << 19) + 1024])
        #expect(result.watched == WatchedTraffic(readBytes: 1024, writtenBytes: 0))
        #expect(result.counters.hbmReadBytes == 4 * 4608)
        #expect(try simulation.run(source).watched == nil)
    }
}
