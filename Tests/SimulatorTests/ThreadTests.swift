import Machine
import Simulator
import Synchronization
import Testing
import Trace

@Suite("Without threads")
struct ThreadTests {
    /// What `body` gives where the system lends `count` threads.
    private func lending<Value>(_ count: Int, _ body: () throws -> Value) rethrows -> Value {
        WorkerThread.limitStarts(to: count)
        defer { WorkerThread.limitStarts(to: nil) }
        return try body()
    }

    @Test("A launch on two threads has the same result where the system lends no second one")
    func halves() throws {
        func run() throws -> LaunchResult {
            let simulation = try Simulation(
                machine: try MachineDescription(named: "h200"), cacheMode: .cold, threads: 2)
            return try simulation.run(
                SyntheticSource(launch: launch(blocks: 200, sharedMemoryBytes: 0)) { block, program in
                    program.operations =
                        (0..<8).map { access(.load, at: 4096 * block + 128 * $0, bytes: 128) } + [.awaitLoads]
                })
        }
        let both = try run()
        let alone = try lending(0) { try run() }
        #expect(alone.counters == both.counters)
        #expect(alone.spanCycles == both.spanCycles)
        #expect(alone.useCycles == both.useCycles)
    }

    @Test("Tasks are all done, in their order, on as many threads as there are", arguments: [0, 1, 3, 8])
    func tasks(lent: Int) throws {
        let progress = Mutex(0)
        let squares = try lending(lent) {
            try ParallelTasks.map(
                count: 50, jobs: 4, progress: { _, all in progress.withLock { $0 += all == 50 ? 1 : 0 } }
            ) { $0 * $0 }
        }
        #expect(squares == (0..<50).map { $0 * $0 })
        #expect(progress.withLock { $0 } == 50)
        #expect(try ParallelTasks.map(count: 0, jobs: 4) { $0 }.isEmpty)
    }

    @Test("The first error ends the tasks", arguments: [0, 4])
    func error(lent: Int) {
        let done = Mutex(0)
        #expect(throws: SimulatorError.emptyPartition(3)) {
            _ = try lending(lent) {
                try ParallelTasks.map(count: 1000, jobs: 2) { task in
                    done.withLock { $0 += 1 }
                    if task == 3 { throw SimulatorError.emptyPartition(3) }
                    return task
                }
            }
        }
        #expect(done.withLock { $0 } < 1000)
    }

    @Test("A limit holds for the thread that sets it, as long as it is set")
    func limit() {
        let ran = Atomic<Int>(0)
        let group = ThreadGroup()
        lending(1) {
            #expect(group.start { ran.add(1, ordering: .relaxed) })
            #expect(!group.start { ran.add(100, ordering: .relaxed) })
        }
        #expect(group.start { ran.add(1, ordering: .relaxed) })
        group.join()
        #expect(ran.load(ordering: .relaxed) == 2)
    }
}
