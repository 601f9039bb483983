import Machine
import Simulator
import Testing
import Trace

/// Reads of one line by two SMs of a GPC: merged while the first is on its way, as docs/validation/h200_coalescer.md
/// has it.
@Suite struct CoalescerTests {
    /// Two SMs, one GPC and one partition; HBM and L2 answer after exactly their least latency.
    private func machine(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
        try smallMachine {
            $0.gpu.smCount = 2
            $0.coalescer.enabled = true
            $0.gpcs.requestCycles = 0
            $0.gpcs.fillBytesPerCycle = 0
            $0.launch.firstWaveCycles = 0
            change(&$0)
        }
    }

    /// Sectors that the L2 is asked for when block 1 reads a line `lag` cycles after block 0.
    private func askedSectors(lag: Int, machine: MachineDescription) throws -> UInt64 {
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let source = SyntheticSource(launch: launch(blocks: 2)) { block, program in
            program.operations.append(.compute(ComputeWork(instructions: 1000 + block * lag)))
            program.operations.append(access(.copyBypass, at: 0, bytes: 128))
        }
        return try simulation.run(source).counters.l2TexReadSectors
    }

    @Test func `A read is merged with one on its way and with none that has been answered`() throws {
        let machine = try machine {
            $0.sm.issueIntervalCycles = 1; $0.sm.controlIntervalCycles = 0
        }
        let alone: UInt64 = 4
        #expect(try askedSectors(lag: 0, machine: machine) == alone)
        // HBM takes 522 cycles; merging ends `passage` cycles before the answer's arrival.
        let last = Int(Double(machine.hbm.nearLatencyCycles) - machine.coalescer.passageCycles)
        #expect(try askedSectors(lag: last - 40, machine: machine) == alone)
        #expect(try askedSectors(lag: last + 40, machine: machine) == 2 * alone)
        #expect(try askedSectors(lag: 4000, machine: machine) == 2 * alone)
    }

    @Test func `One SM merges nothing with its own earlier reads`() throws {
        let machine = try machine()
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let source = SyntheticSource(launch: launch(blocks: 1)) { _, program in
            for _ in 0..<4 {
                program.operations.append(access(.copyBypass, at: 0, bytes: 128))
                program.operations += [.commitGroup, .awaitGroups(pending: 0)]
            }
        }
        #expect(try simulation.run(source).counters.l2TexReadSectors == 16)
    }

    @Test func `Without the unit nothing is merged`() throws {
        let machine = try machine { $0.coalescer.enabled = false }
        #expect(try askedSectors(lag: 0, machine: machine) == 8)
    }
}
