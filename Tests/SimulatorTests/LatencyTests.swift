import Machine
import Simulator
import Testing
import Trace

@Suite("Exact cycles of one block")
struct LatencyTests {
    /// Lifetime in cycles of one block with these operations.
    private func lifetime(_ operations: [Operation], on machine: MachineDescription) throws -> Double {
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let result = try simulation.run(
            SyntheticSource(launch: launch()) { _, program in program.operations = operations })
        return result.lifetimes.sum
    }

    private func startCycles(_ machine: MachineDescription) -> Double {
        machine.launch.blockBaseCycles + machine.launch.firstWaveCycles
    }

    @Test("An empty block lives for its start-up")
    func emptyBlock() throws {
        let machine = try smallMachine()
        #expect(try lifetime([], on: machine) == startCycles(machine))
    }

    @Test("A load that misses everywhere takes the memory's latency and one sector's transfer")
    func miss() throws {
        let machine = try smallMachine()
        let cycles = try lifetime([access(.load, at: 0, bytes: 32), .awaitLoads], on: machine) - startCycles(machine)
        let bytesPerCycle =
            machine.derived.hbmReadBytesPerSecond / Double(machine.hbm.channels) / machine.gpu.clockHertz
        #expect(abs(cycles - (Double(machine.hbm.nearLatencyCycles) + 32 / bytesPerCycle)) < 1e-9)
    }

    @Test("A load of what L1 holds takes the issue of its line and L1's latency")
    func l1Hit() throws {
        let machine = try smallMachine()
        let first: [Operation] = [access(.load, at: 0, bytes: 32), .awaitLoads]
        let both = try lifetime(first + first, on: machine) - lifetime(first, on: machine)
        #expect(abs(both - Double(machine.l1.hitLatencyCycles + 1)) < 1e-9)
    }

    @Test("A copy past L1 of two lines that L2 holds takes L2's latency, and the second line waits for the port")
    func l2Hit() throws {
        let machine = try smallMachine()
        let first: [Operation] = [access(.copyBypass, at: 0, bytes: 256), .commitGroup, .awaitGroups(pending: 0)]
        let second = try lifetime(first + first, on: machine) - lifetime(first, on: machine)
        let transfer = 128 / machine.l1.fillBytesPerCycle
        #expect(abs(second - (Double(machine.l2.nearLatencyCycles) + transfer)) < 1e-6)
    }

    @Test("A lone warp's instructions follow each other at the soft maximum of interval and issue")
    func compute() throws {
        let machine = try smallMachine()
        func cycles(_ work: ComputeWork) throws -> Double {
            try lifetime([.compute(work)], on: machine) - startCycles(machine)
                - machine.launch.fetchCycles(instructions: 1000)
        }
        let lone = machine.sm.issueIntervalCycles
        let branches = lone + machine.sm.controlIntervalCycles
        let expected = 1000 * (branches * branches * branches + 1.0 / 64).cubeRoot
        #expect(abs(try cycles(ComputeWork(instructions: 1000)) - expected) < 1e-6)
        // Half exponentials, half additions; the special-function pipe takes 8 cycles of a scheduler for each of the
        // former.
        let interval = lone + machine.sm.specialIntervalCycles / 2
        let fp32 = machine.sm.fp32InstructionCycles / 2
        let use = 1 + 64 + fp32 * fp32 * fp32
        let mixed = 1000 * (interval * interval * interval + use / 64).cubeRoot
        #expect(machine.sm.specialInstructionCycles == 8)
        #expect(abs(try cycles(ComputeWork(instructions: 1000, fp32: 500, special: 500)) - mixed) < 1e-6)
    }

    @Test(
        "An SM's first block waits for its code, beyond the reach much longer; its next block and further trips of a loop do not"
    )
    func codeFetch() throws {
        let machine = try smallMachine()
        let step = Operation.compute(ComputeWork(instructions: 1000))
        let once = try lifetime([step], on: machine)
        let cyclesPerStep = try lifetime([step, step], on: machine) - once
        #expect(
            abs(once - startCycles(machine) - cyclesPerStep - 1000 * machine.launch.fetchCyclesPerInstruction) < 1e-6)
        let reach = machine.launch.fetchReachBytes / 16
        #expect(
            machine.launch.fetchCycles(instructions: reach + 10) - machine.launch.fetchCycles(instructions: reach)
                == 10 * machine.launch.farFetchCyclesPerInstruction)
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let result = try simulation.run(
            SyntheticSource(launch: launch(blocks: 2)) { _, program in program.operations = [step] })
        #expect(abs(result.lifetimes.sum - once - machine.launch.blockBaseCycles - cyclesPerStep) < 1e-6)
    }

    @Test("A second block's hit on a line still on its way from memory waits for it")
    func pendingFill() throws {
        let machine = try smallMachine()
        let load: [Operation] = [access(.copyBypass, at: 0, bytes: 32), .commitGroup, .awaitGroups(pending: 0)]
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let result = try simulation.run(
            SyntheticSource(launch: launch(blocks: 2, sharedMemoryBytes: 1024)) { _, program in
                program.operations = load
            })
        #expect(result.counters.hbmReadBytes == UInt64(machine.l2.fetchBytes))
        let last = result.lifetimes.percentile(1)
        #expect(last - startCycles(machine) > Double(machine.hbm.nearLatencyCycles - machine.l2.nearLatencyCycles))
    }

    @Test("Warps that no barrier joins go on as the mean of them does, joined ones as the last")
    func ownWarps() throws {
        let machine = try smallMachine()
        // 32 lines behind each other at the port: those of the mean warp of four are there when 20 have been asked for.
        let load: [Operation] = [access(.load, at: 0, bytes: 4096), .awaitLoads]
        func cycles(_ operations: [Operation]) throws -> Double {
            let simulation = try Simulation(machine: machine, cacheMode: .cold)
            let source = SyntheticSource(launch: launch(threads: 128)) { _, program in program.operations = operations }
            return try simulation.run(source).lifetimes.sum
        }
        let joined = try cycles(load + [.barrier])
        let free = try cycles(load)
        #expect(free < joined)
        #expect(joined - free < 32 * 128 / machine.l1.fillBytesPerCycle)
        // A line a warp is enough.
        let line: [Operation] = [access(.load, at: 0, bytes: 512), .awaitLoads]
        #expect(try cycles(line) < cycles(line + [.barrier]))
    }

    @Test("A barrier joins the warps of the wait before it, and none of an earlier one")
    func ownWarpsBeforeBarrier() throws {
        let machine = try smallMachine()
        func load(_ number: Int) -> [Operation] { [access(.load, at: number * 4096, bytes: 4096), .awaitLoads] }
        func cycles(_ operations: [Operation]) throws -> Double {
            let simulation = try Simulation(machine: machine, cacheMode: .cold)
            let source = SyntheticSource(launch: launch(threads: 128)) { _, program in program.operations = operations }
            return try simulation.run(source).lifetimes.sum
        }
        let free = try cycles(load(0) + load(1))
        let last = try cycles(load(0) + load(1) + [.barrier])
        let both = try cycles(load(0) + [.barrier] + load(1) + [.barrier])
        #expect(free < last && last < both)
    }

    @Test("Two resident blocks that compute take turns on the issue slots")
    func sharedIssue() throws {
        let machine = try smallMachine {
            $0.sm.issueIntervalCycles = 0.01
            $0.sm.controlIntervalCycles = 0
        }
        let work: [Operation] = [.compute(ComputeWork(instructions: 10_000))]
        func span(blocks: Int, threads: Int) throws -> Double {
            let simulation = try Simulation(machine: machine, cacheMode: .cold)
            return try simulation.run(
                SyntheticSource(launch: launch(blocks: blocks, threads: threads, sharedMemoryBytes: 1024)) {
                    _, program in
                    program.operations = work
                }
            ).spanCycles
        }
        let start = startCycles(machine) + machine.launch.fetchCycles(instructions: 10_000)
        let one = try span(blocks: 1, threads: 1024) - start
        let two = try span(blocks: 2, threads: 1024) - start
        #expect(abs(two / one - 2) < 0.002)
    }

    @Test("Two blocks in step: the first gets its share ahead of the second, and both together the same throughput")
    func greedyIssue() throws {
        let machine = try smallMachine {
            $0.sm.issueIntervalCycles = 0.01
            $0.sm.controlIntervalCycles = 0
            $0.sm.greedyShare = 0.3
        }
        let work: [Operation] = [.compute(ComputeWork(instructions: 10_000))]
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let lifetimes = try simulation.run(
            SyntheticSource(launch: launch(blocks: 2, threads: 128, sharedMemoryBytes: 1024)) { _, program in
                program.operations = work
            }
        ).lifetimes
        // One warp a scheduler issues every (1 + 1)^(1/3) cycles, two each every (1 + 8)^(1/3).
        let alone = 2.0.cubeRoot
        let alike = 9.0.cubeRoot
        let first = 10_000 / (0.7 / alike + 0.3 / alone)
        let left = 10_000 - first * (0.7 / alike + 0.3 * (2 / alike - 1 / alone))
        let start = startCycles(machine) + machine.launch.fetchCycles(instructions: 10_000)
        #expect(abs(lifetimes.percentile(0) - start - first) < 0.02 * first)
        #expect(abs(lifetimes.percentile(1) - start - (first + left * alone)) < 0.02 * first)
    }

    @Test("Turnaround passes between a block's end and its successor's start")
    func turnaround() throws {
        let machine = try smallMachine()
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let result = try simulation.run(SyntheticSource(launch: launch(blocks: 3)) { _, _ in })
        let expected =
            3 * machine.launch.blockBaseCycles + machine.launch.firstWaveCycles + 2 * machine.launch.turnaroundCycles
        #expect(result.spanCycles == expected)
    }
}

extension Double {
    fileprivate var cubeRoot: Double {
        var root = self
        for _ in 0..<60 { root -= (root * root * root - self) / (3 * root * root) }
        return root
    }
}
