import Machine
import Simulator
import Testing
import Trace

/// `count` warp requests of `bytes` bytes each by one block, `pitch` bytes apart.
private func rows(_ kind: AccessKind, at address: Int, count: Int, bytes: Int, pitch: Int) -> Operation {
    .tile(
        TileAccess(
            kind: kind, tensor: 0, elementBytes: 4, address: UInt64(address), rows: count, rowBytes: bytes,
            pitchBytes: pitch,
            requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4))
}

@Suite("Reductions, atomics and fences, by hand")
struct ReductionTests {
    private func run(
        _ operations: [Operation], lanes: [UInt64] = [], on machine: MachineDescription
    ) throws -> LaunchResult {
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        return try simulation.run(
            SyntheticSource(launch: launch()) { _, program in
                program.operations = operations
                program.laneAddresses = lanes
            })
    }

    /// Cycles that `operations` add to a block that has brought line 0 into the L2 and fenced.
    private func cycles(_ operations: [Operation], lanes: [UInt64] = [], on machine: MachineDescription) throws
        -> Double
    {
        let before = [access(.atomic, at: 0, bytes: 4), .invalidateL1]
        return try run(before + operations, lanes: lanes, on: machine).lifetimes.sum
            - run(before, on: machine).lifetimes.sum
    }

    private let result: [Operation] = [access(.atomic, at: 0, bytes: 4), .awaitLoads]

    @Test("An atomic waits behind reductions of its own sector, each of which takes the unit's repeat time")
    func contended() throws {
        let machine = try smallMachine()
        let near = Double(machine.l2.nearLatencyCycles)
        #expect(abs(try cycles(result, on: machine) - near) < 1e-6)
        let behind = try cycles([rows(.reduction, at: 0, count: 32, bytes: 4, pitch: 0)] + result, on: machine)
        #expect(abs(behind - near - 32 * machine.l2.reductionRepeatCycles) < 1e-6)
        // The other words of the sector are no better off; of another sector of the line only the port's two cycles are
        // felt.
        let neighbour = try cycles([rows(.reduction, at: 28, count: 32, bytes: 4, pitch: 0)] + result, on: machine)
        #expect(neighbour == behind)
        let sector = try cycles([rows(.reduction, at: 32, count: 1, bytes: 4, pitch: 0)] + result, on: machine)
        #expect(abs(sector - near - 2 * 32 / machine.l1.storeBytesPerCycle) < 1e-6)
    }

    @Test("Reductions of many lines take their packets' time at the port alone: a header and the sectors")
    func spread() throws {
        let machine = try smallMachine()
        for (bytes, flits) in [(4, 2.0), (128, 5.0)] {
            let spread = try cycles(
                [rows(.reduction, at: 4096, count: 32, bytes: bytes, pitch: 128)] + result, on: machine)
            let expected = Double(machine.l2.nearLatencyCycles) + 32 * flits * 32 / machine.l1.storeBytesPerCycle
            #expect(abs(spread - expected) < 1e-6)
        }
    }

    @Test("Lanes on one word add one after the other, and count as many sectors")
    func sharedWord() throws {
        let machine = try smallMachine()
        let lanes = (0..<32).map { UInt64($0 % 2 * 4) }
        let warp = Operation.lanes(LaneAccess(kind: .reduction, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 32))
        #expect(try run([warp], lanes: lanes, on: machine).counters.l1ReductionSectors == 16)
        let behind = try cycles([warp] + result, lanes: lanes, on: machine)
        #expect(abs(behind - Double(machine.l2.nearLatencyCycles) - 16 * machine.l2.reductionRepeatCycles) < 1e-6)
    }

    @Test("A fence takes its own time after reads, the way to the L2 and back after writes")
    func fence() throws {
        let machine = try smallMachine()
        #expect(abs(try cycles([.invalidateL1], on: machine) - machine.sm.fenceCycles) < 1e-6)
        let behindStore = try cycles([access(.store, at: 0, bytes: 32), .invalidateL1], on: machine)
        let way = Double(machine.l2.nearLatencyCycles) + machine.sm.fenceWriteCycles
        #expect(abs(behindStore - 32 / machine.l1.storeBytesPerCycle - way) < 1e-6)
        // An acquire-release atomic: its result is there before the fence begins.
        let atomic = try cycles([access(.atomic, at: 0, bytes: 4), .invalidateL1], on: machine)
        #expect(abs(atomic - Double(machine.l2.nearLatencyCycles) - way) < 1e-6)
        let twice = try cycles(
            [access(.atomic, at: 0, bytes: 4), .awaitLoads, .invalidateL1, .invalidateL1], on: machine)
        #expect(abs(twice - atomic - machine.sm.fenceCycles) < 1e-6)
    }

    @Test("What L1 held is gone after the fence")
    func invalidation() throws {
        let load: [Operation] = [access(.load, at: 0, bytes: 128), .awaitLoads]
        let machine = try smallMachine()
        #expect(try run(load + load, on: machine).counters.l1LoadHitSectors == 4)
        let fenced = try run(load + [.invalidateL1] + load + load, on: machine).counters
        #expect(fenced.l1LoadHitSectors == 4)
        #expect(fenced.l2TexReadSectors == 8)
    }
}

@Suite("Reductions and atomics of the whole H200")
struct ContentionTests {
    private func run(
        _ blocks: Int, threads: Int = 1, _ operations: @escaping @Sendable (Int) -> [Operation]
    ) throws -> LaunchResult {
        let simulation = try Simulation(machine: MachineDescription(preset: .h200), cacheMode: .cold, threads: threads)
        return try simulation.run(
            SyntheticSource(launch: launch(blocks: blocks, threads: 512)) { block, program in
                program.operations = operations(block)
            })
    }

    /// Cycles of the whole GPU for each of 16 requests by all of 132 blocks, from runs of 48 and 16 steps.
    private func cycles(_ step: @escaping @Sendable (_ block: Int, _ step: Int) -> Operation) throws -> Double {
        let spans = try [16, 48].map { count in try run(132) { block in (0..<count).map { step(block, $0) } }.spanCycles
        }
        return (spans[1] - spans[0]) / (32 * 16 * 132)
    }

    // Measured: docs/validation/h200_atomics.md.
    @Test("One word, one line, all lines: as many a cycle as measured")
    func rates() throws {
        let word = try cycles { _, _ in rows(.reduction, at: 0, count: 16, bytes: 4, pitch: 0) }
        #expect(abs(word / 3.49 - 1) < 0.03)
        let line = try cycles { _, _ in rows(.reduction, at: 0, count: 16, bytes: 128, pitch: 0) }
        #expect(abs(line / 4.76 - 1) < 0.05)
        let spread = try cycles { block, step in
            rows(.reduction, at: (block + 132 * step) % 4096 * 2048, count: 16, bytes: 128, pitch: 128)
        }
        #expect(abs(spread * 13.9 - 1) < 0.12)
    }

    @Test("Acquire-release atomics of four warps on each SM to one line take as long as measured")
    func acquireRelease() throws {
        let spans = try [8, 24].map { count in
            try run(132) { _ in
                (0..<count).flatMap { _ in [rows(.atomic, at: 0, count: 4, bytes: 128, pitch: 0), .invalidateL1] }
            }.spanCycles
        }
        #expect(abs((spans[1] - spans[0]) / 16 / 2448 - 1) < 0.05)
    }

    /// Reductions, atomics and fences of blocks that meet on some lines.
    private func mixed(_ block: Int) -> [Operation] {
        (0..<10).flatMap { step -> [Operation] in
            [
                access(.load, at: (block + step) % 64 * 4096, bytes: 2048), .awaitLoads,
                access(.store, at: (16 << 20) + (block * 10 + step) * 512, bytes: 512),
                rows(.reduction, at: (1 << 20) + block % 9 * 4096, count: 4, bytes: 128, pitch: 1024),
                rows(.atomic, at: (2 << 20) + step * 4096 + block % 3 * 32, count: 2, bytes: 32, pitch: 0),
                .invalidateL1,
            ]
        }
    }

    @Test(
        "Reductions and atomics go out with the stores; half pass on to the other partition; results come back with the loads"
    )
    func traffic() throws {
        let c = try run(600, mixed).counters
        #expect(c.l1ReductionSectors == 600 * 10 * 16)
        #expect(c.l1AtomicSectors == 600 * 10 * 2)
        #expect(c.l1ToL2WriteSectors == c.l1StoreSectors + c.l1ReductionSectors + c.l1AtomicSectors)
        #expect(c.l2ToL1ReadSectors == c.l1LoadSectors - c.l1LoadHitSectors + c.l1AtomicSectors)
        #expect(c.l2TexReductionSectors == c.l1ReductionSectors + c.l1AtomicSectors)
        let crossing = Double(c.l2FabricReductionSectors) / Double(c.l2TexReductionSectors)
        #expect(abs(crossing - 0.5) < 0.06)
        // What passes on counts as a hit here and is looked up again there; a miss reads memory once.
        let missed =
            c.l2TexReductionSectors - c.l2TexReductionHitSectors + c.l2FabricReductionSectors
            - c.l2FabricReductionHitSectors
        #expect(missed > 0 && missed < 1000)
    }

    @Test("One thread and two give the same counters, times and lifetimes")
    func threads() throws {
        let one = try run(600, mixed)
        let two = try run(600, threads: 2, mixed)
        #expect(one.counters == two.counters)
        #expect(one.spanCycles == two.spanCycles)
        #expect(one.lifetimes == two.lifetimes)
        #expect(one.useCycles == two.useCycles)
    }
}
