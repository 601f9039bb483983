import Machine
import Simulator
import TestSupport
import Testing
import Trace

/// A launch with flags whose blocks leave the SM a small L1.
private func flagged(blocks: Int) -> KernelLaunch {
    var launch = launch(blocks: blocks, sharedMemoryBytes: 8 << 10)
    launch.tensors = [
        Tensor(name: "buffer", baseAddress: 0, byteCount: 1 << 20, elementType: "f32"),
        Tensor(name: "flags", baseAddress: 1 << 24, byteCount: 4096, elementType: Tensor.flagType),
    ]
    return launch
}

private func compute(_ instructions: Int) -> Operation { .compute(ComputeWork(instructions: instructions)) }

private func run(
    _ launch: KernelLaunch, on machine: MachineDescription, oneByOne: Bool, threads: Int = 1,
    _ operations: @escaping @Sendable (Int) -> [Operation]
) throws -> LaunchResult {
    let simulation = try Simulation(machine: machine, cacheMode: .cold, threads: threads)
    simulation.pollsOneByOne = oneByOne
    return try simulation.run(
        SyntheticSource(launch: launch) { block, program in program.operations = operations(block) })
}

/// A machine whose L1 is small, so that dropping it at each poll takes no time in a debug build.
private func machine(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
    try smallMachine {
        $0.sm.unifiedBytes = 40 << 10
        $0.sm.carveOutBytes = [32 << 10]
        $0.sm.sharedPerBlockBytes = 31 << 10
        change(&$0)
    }
}

@Suite("Polls beside long compute steps")
struct PollTests {
    /// The same counters to the last, and times that differ by no more than the clock's last digits.
    private func expectEqual(_ skipped: LaunchResult, _ polled: LaunchResult, _ comment: Comment) {
        #expect(skipped.counters == polled.counters, comment)
        #expect(abs(skipped.spanCycles - polled.spanCycles) <= 1e-9 * polled.spanCycles, comment)
        for (left, right) in zip(skipped.useCycles, polled.useCycles) {
            #expect(abs(left - right) <= 1e-9 * polled.spanCycles, comment)
        }
        #expect(abs(skipped.lifetimes.sum - polled.lifetimes.sum) <= 1e-9 * polled.lifetimes.sum, comment)
        #expect(abs(skipped.queueShare - polled.queueShare) < 1e-6, comment)
    }

    @Test("Skipping polls gives the counters and times of polling one by one, on random launches")
    func random() throws {
        let seed = SeededGenerator.printedSeed("random launches with polls")
        var numbers = SeededGenerator(seed: seed)
        for round in 0..<6 {
            let waiters = Int.random(in: 1...3, using: &numbers)
            let steps = (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
                Int.random(in: 100_000...400_000, using: &numbers)
            }
            let stride = Int.random(in: 0...3, using: &numbers)
            let coalesces = Bool.random(using: &numbers)
            let pause = Double(Int.random(in: 20...900, using: &numbers)) + 0.25
            let settings = try machine {
                $0.coalescer.enabled = coalesces
                $0.sm.pollPauseCycles = pause
            }
            let program: @Sendable (Int) -> [Operation] = { block in
                guard block > 0 else {
                    let signals = (0..<4).map { Operation.signal(flag: UInt32($0)) }
                    return steps.flatMap { [compute($0), access(.store, at: 4096, bytes: 128)] } + signals
                }
                return [
                    access(.load, at: 128 * block, bytes: 128), .awaitLoads, .awaitFlag(flag: UInt32(stride), count: 1),
                    compute(50),
                ]
            }
            let launch = flagged(blocks: 1 + waiters)
            let polled = try run(launch, on: settings, oneByOne: true, program)
            let skipped = try run(launch, on: settings, oneByOne: false, program)
            expectEqual(skipped, polled, "seed \(seed), round \(round)")
            #expect(polled.counters.flagPolls > 80)
        }
    }

    @Test("Polls of a flag in the other partition are counted where they go", arguments: [true, false])
    func farFlag(copies: Bool) throws {
        let settings = try machine {
            $0.gpu.smCount = 2
            $0.gpcs.count = 2
            $0.l2.partitions = 2
            $0.l2.copiesFarReads = copies
        }
        for flag in [UInt32(0), 600] {
            let program: @Sendable (Int) -> [Operation] = { block in
                block == 0 ? [compute(300_000), .signal(flag: flag)] : [.awaitFlag(flag: flag, count: 1)]
            }
            let polled = try run(flagged(blocks: 2), on: settings, oneByOne: true, program)
            for threads in [1, 2] {
                let skipped = try run(flagged(blocks: 2), on: settings, oneByOne: false, threads: threads, program)
                expectEqual(skipped, polled, "flag \(flag), \(threads) threads")
            }
        }
    }

    @Test("Hours of simulated time pass at once")
    func hours() throws {
        let result = try run(flagged(blocks: 2), on: try machine(), oneByOne: false) { block in
            block == 0
                ? Array(repeating: compute(4_000_000_000), count: 500) + [.signal(flag: 0)]
                : [.awaitFlag(flag: 0, count: 1)]
        }
        #expect(result.spanCycles > 1e12)
        let period = Double(try machine().l2.nearLatencyCycles) + (try machine().sm.pollPauseCycles)
        #expect(abs(Double(result.counters.flagPolls) * period / result.spanCycles - 1) < 0.01)
    }

    @Test("A wait that no block can end is an error at once, beside however long a step")
    func never() throws {
        let error = #expect(throws: SimulatorError.self) {
            _ = try run(flagged(blocks: 2), on: try machine(), oneByOne: true) { block in
                block == 0
                    ? [.signal(flag: 7)] + Array(repeating: compute(4_000_000_000), count: 1000)
                    : [.awaitFlag(flag: 7, count: 2)]
            }
        }
        #expect(error == .flagNeverSignalled(kernel: "test", flag: 7, wanted: 2, signals: 1))
    }
}
