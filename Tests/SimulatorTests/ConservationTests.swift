import Machine
import Simulator
import TestSupport
import Testing
import Trace

@Suite("Whole machine")
struct ConservationTests {
    /// A launch that mixes loads, copies, stores, reductions and compute over a few MiB.
    private func mixedLaunch(seed: UInt64) -> SyntheticSource {
        SyntheticSource(launch: launch(blocks: 700, threads: 128, sharedMemoryBytes: 40 << 10, name: "mixed")) {
            block, program in
            var generator = SeededGenerator(seed: seed &+ UInt64(block))
            for _ in 0..<12 {
                let address = Int.random(in: 0..<3000, using: &generator) * 2048
                program.operations.append(access(.copyBypass, at: address, bytes: 4096))
                program.operations.append(access(.load, at: address / 2, bytes: 1024))
                program.operations.append(.commitGroup)
                program.operations.append(.awaitLoads)
                program.operations.append(.compute(ComputeWork(instructions: 300, tensor: 4, alu: 60, memory: 40)))
                program.operations.append(access(.store, at: (8 << 20) + address, bytes: 2048))
                program.operations.append(access(.reduction, at: (32 << 20) + block % 7 * 128, bytes: 128))
                program.operations.append(.awaitGroups(pending: 1))
            }
        }
    }

    @Test("What leaves one level arrives at the next")
    func conservation() throws {
        let simulation = try Simulation(machine: MachineDescription(preset: .h200), cacheMode: .cold)
        let result = try simulation.run(mixedLaunch(seed: 11))
        let c = result.counters
        #expect(c.l2ToL1ReadSectors == c.l1LoadSectors - c.l1LoadHitSectors)
        #expect(c.l1ToL2WriteSectors == c.l1StoreSectors + c.l1ReductionSectors)
        #expect(c.l2TexWriteSectors == c.l1StoreSectors)
        #expect(c.l2TexReductionSectors == c.l1ReductionSectors)
        #expect(c.l2TexReadSectors <= c.l2ToL1ReadSectors)
        #expect(c.hbmReadBytes == c.l2FillSectors * 32)
        #expect(c.l2HitSectors <= c.l2Sectors)
        #expect(result.lifetimes.count == 700)
        let accounted = result.useCycles.reduce(0, +)
        #expect(abs(accounted - result.lifetimes.sum) <= 1e-6 * result.lifetimes.sum)
    }

    @Test("One thread and two give the same counters, times and lifetimes")
    func threads() throws {
        let machine = try MachineDescription(preset: .h200)
        var results: [LaunchResult] = []
        for threads in [1, 2, 1] {
            let simulation = try Simulation(machine: machine, cacheMode: .chained, threads: threads)
            _ = try simulation.run(mixedLaunch(seed: 3))
            results.append(try simulation.run(mixedLaunch(seed: 4)))
        }
        for other in results.dropFirst() {
            #expect(other.counters == results[0].counters)
            #expect(other.spanCycles == results[0].spanCycles)
            #expect(other.lifetimes == results[0].lifetimes)
            #expect(other.useCycles == results[0].useCycles)
        }
    }

    @Test("A cold launch forgets what a chained one remembers")
    func cacheModes() throws {
        let machine = try MachineDescription(preset: .h200)
        let source = readOnce(blocks: 128, bytesPerBlock: 64 << 10)
        for (mode, expected) in [(CacheMode.cold, UInt64(8 << 20)), (.chained, 0)] {
            let simulation = try Simulation(machine: machine, cacheMode: mode)
            let first = try simulation.run(source)
            let second = try simulation.run(source)
            #expect(first.counters.hbmReadBytes == 8 << 20)
            #expect(second.counters.hbmReadBytes == expected)
        }
    }

    @Test("Counter descriptions name every counter once")
    func counterTable() {
        var counters = Counters()
        let properties = Mirror(reflecting: counters).children.count
        #expect(CounterTable.rows.count == properties)
        #expect(Set(CounterTable.rows.map(\.name)).count == properties)
        for (index, row) in CounterTable.rows.enumerated() { counters[keyPath: row.keyPath] = UInt64(index + 1) }
        let values = Mirror(reflecting: counters).children.map { $0.value as? UInt64 }
        #expect(values == (1...properties).map { UInt64($0) })
    }

    @Test("Machines that the engine cannot run are refused in one line")
    func refusals() throws {
        let machine = try MachineDescription(preset: .h200)
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        #expect(throws: SimulatorError.self) {
            try simulation.run(SyntheticSource(launch: launch(blocks: 0)) { _, _ in })
        }
        var settings = MachinePreset.h200.settings
        settings.l1.writePolicy = .writeBack
        let writeBackL1 = try MachineDescription(settings)
        #expect(throws: SimulatorError.writeBackL1) { _ = try Simulation(machine: writeBackL1, cacheMode: .cold) }
        #expect(throws: MachineError.self) {
            try simulation.run(SyntheticSource(launch: launch(threads: 2048)) { _, _ in })
        }
    }
}
