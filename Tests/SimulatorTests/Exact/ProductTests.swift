import Machine
import Simulator
import Testing
import Trace

/// Products that run while their block goes on, and compute steps that bring their time.
@Suite struct ProductTests {
    /// A product of one warp keeps the SM's tensor cores for a cycle. The blocks have four warps.
    private func machine(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
        try pairMachine {
            $0.sm.schedulers = 4
            $0.sm.productCycles = 4
            change(&$0)
        }
    }

    /// A step that takes so many cycles: far more than its ten instructions need of the issue slots.
    private func busy(_ cycles: Int) -> Trace.Operation { .compute(ComputeWork(instructions: 10, cycles: cycles)) }

    /// The lifetimes of blocks with these programs, less that of an empty block.
    private func cycles(_ programs: [[Trace.Operation]], sharedMemoryBytes: Int = 200 << 10) throws -> Double {
        let machine = try machine()
        func lifetimes(_ programs: [[Trace.Operation]]) throws -> Double {
            try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(
                    launch: launch(blocks: programs.count, threads: 128, sharedMemoryBytes: sharedMemoryBytes)
                ) { block, program in program.operations = programs[block] }
            ).useCycles.reduce(0, +)
        }
        return try lifetimes(programs) - lifetimes(programs.map { _ in [] })
    }

    @Test func `A block waits for the products it names, and for all of them at its end`() throws {
        #expect(try cycles([[.beginProducts(100)]]) == 400)
        #expect(try cycles([[.beginProducts(100), .awaitProducts(pending: 0)]]) == 400)
        // While two groups of products run, a block does 300 cycles of something else.
        let both: [Trace.Operation] = [.beginProducts(100), .beginProducts(50)]
        #expect(abs(try cycles([both + [busy(300)]]) - 600) < 1)
        #expect(abs(try cycles([both + [.awaitProducts(pending: 1), busy(300)]]) - 700) < 1)
        #expect(abs(try cycles([both + [.awaitProducts(pending: 0), busy(300)]]) - 900) < 1)
        #expect(abs(try cycles([both + [.awaitProducts(pending: 2), busy(300)]]) - 600) < 1)
        #expect(abs(try cycles([[.awaitProducts(pending: 3), busy(300)]]) - 300) < 1)
    }

    @Test func `Products of an SM's blocks run one after the other`() throws {
        let one: [Trace.Operation] = [.beginProducts(100), .awaitProducts(pending: 0)]
        // Blocks 0 and 2 share SM 0: 400 and 800 cycles. Block 1 has SM 1 to itself.
        #expect(try cycles([one, one, one], sharedMemoryBytes: 1024) == 400 + 400 + 800)
    }

    @Test func `Products count as operations of the tensor cores`() throws {
        let result = try result([[.beginProducts(100)], [.beginProducts(7)]], on: machine())
        let warps = UInt64(result.launch.warpsPerBlock)
        #expect(result.counters.tensorOperations == 107 * warps * ComputeWork.operationsPerProduct)
    }

    @Test func `A step with a time takes that time where its warps are alone, whatever its mix`() throws {
        for work in [
            ComputeWork(instructions: 100, cycles: 4000), ComputeWork(instructions: 100, special: 20, cycles: 4000),
            ComputeWork(instructions: 100, alu: 90, cycles: 4000),
        ] {
            #expect(abs(try cycles([[.compute(work)]]) - 4000) < 1)
        }
        // No warp issues more than an instruction a cycle.
        #expect(abs(try cycles([[.compute(ComputeWork(instructions: 1000, cycles: 10))]]) - 1260) < 2)
    }
}
