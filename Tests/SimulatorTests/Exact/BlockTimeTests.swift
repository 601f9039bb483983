import Foundation
import Machine
import Simulator
import TestSupport
import Testing
import Trace

/// When and where blocks start, what their instructions take, and what their fences count.
@Suite struct BlockTimeTests {
    private final class Watcher: LaunchObserver {
        var blocks: [BlockRecord] = []

        func launchBegins(_ launch: KernelLaunch, occupancy: Occupancy, clockHertz: Double) {}
        func blocksEnded(_ blocks: [BlockRecord]) { self.blocks += blocks }
        func launchEnded(_ result: LaunchResult) {}
    }

    /// The blocks of a launch by number.
    private func blocks(
        _ count: Int, sharedMemoryBytes: Int = 200 << 10, on machine: MachineDescription,
        _ operations: @escaping (Int) -> [Trace.Operation] = { _ in [] }
    ) throws -> [BlockRecord] {
        let watcher = Watcher()
        _ = try Simulation(machine: machine, cacheMode: .cold).run(
            SyntheticSource(launch: launch(blocks: count, threads: 128, sharedMemoryBytes: sharedMemoryBytes)) {
                block, program in
                program.operations = operations(block)
            }, observer: watcher)
        return watcher.blocks.sorted { $0.block < $1.block }
    }

    @Test func `Blocks start an interval apart, and later ones a turnaround after the end of the block before`() throws
    {
        let machine = try smallMachine {
            $0.gpu.smCount = 4
            $0.launch.blockIntervalCycles = 10
        }
        let found = try blocks(6, on: machine)
        #expect(found.map(\.start).prefix(4) == [0, 10, 20, 30])
        #expect(found.map { Int($0.sm) } == [0, 1, 2, 3, 0, 1])
        let (life, gap) = (
            machine.launch.blockBaseCycles + machine.launch.firstWaveCycles, machine.launch.turnaroundCycles
        )
        #expect(found[4].start == life + gap && found[5].start == life + gap + 10)
        #expect(found[0].end == life && found[4].end == life + gap + machine.launch.blockBaseCycles)
    }

    @Test func `Fewer blocks than SMs go to the first of each pair, GPC by GPC in turn, and to the second ones last`()
        throws
    {
        let machine = try smallMachine {
            $0.gpu.smCount = 12
            $0.gpcs.count = 2
            $0.gpcs.members = [[0, 1, 2, 3], [4, 5, 6, 7, 8, 9, 10, 11]]
        }
        for (count, sms) in [
            (1, [0]), (2, [0, 4]), (4, [0, 2, 4, 6]), (6, [0, 2, 4, 6, 8, 10]), (7, [0, 1, 2, 4, 6, 8, 10]),
            (9, [0, 1, 2, 3, 4, 5, 6, 8, 10]), (11, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ] {
            #expect(try blocks(count, on: machine).map { Int($0.sm) } == sms, "\(count) blocks")
        }
    }

    @Test func `The first wave is spread by no more than its start-up takes`() throws {
        let machine = try smallMachine {
            $0.gpu.smCount = 16
            $0.gpcs.clusterSize = 1
            $0.launch.firstWaveCycles = 10
            $0.launch.firstWaveSpreadCycles = 600
        }
        let lives = try blocks(16, on: machine).map(\.lifetimeCycles)
        let base = machine.launch.blockBaseCycles
        #expect(lives.allSatisfy { $0 >= base && $0 <= base + 20 })
        #expect(lives.max()! - lives.min()! > 5)
    }

    @Test func `Of two blocks with as much to do the one in the earlier slot goes ahead`() throws {
        let machine = try smallMachine { $0.launch.blockIntervalCycles = 0 }
        let found = try blocks(2, sharedMemoryBytes: 1024, on: machine) { _ in [pause(5000)] }
        #expect(found[0].sm == found[1].sm && found[0].slot < found[1].slot)
        #expect(found[0].end < found[1].end)
    }

    @Test func `Blocks that share an SM drift by chance, others do not, and each run is like the other`() throws {
        func lives(_ count: Int, jitter: Double) throws -> [Double] {
            let machine = try smallMachine {
                $0.gpu.smCount = 16
                $0.launch.blockIntervalCycles = 0
                $0.sm.stepJitter = jitter
            }
            return try blocks(count, sharedMemoryBytes: 1024, on: machine) { _ in
                Array(repeating: pause(1000), count: 8)
            }.map(\.lifetimeCycles)
        }
        let lone = try lives(16, jitter: 0.5)
        let loneWithout = try lives(16, jitter: 0)
        #expect(lone == loneWithout)
        let plain = try lives(48, jitter: 0)
        let drifting = try lives(48, jitter: 0.5)
        let again = try lives(48, jitter: 0.5)
        #expect(drifting == again)
        // Three blocks of an SM end one after the other, and at the same times on each SM unless they drift.
        #expect(Set(plain).count <= 3)
        #expect(Set(drifting).count == 48)
        // A step takes a quarter more or less at most, and on average what it takes without chance.
        let least: Double = 0.75 * plain.min()!
        let most: Double = 1.25 * plain.max()!
        #expect(drifting.min()! > least)
        #expect(drifting.max()! < most)
        let ratio: Double = drifting.reduce(0, +) / plain.reduce(0, +)
        #expect(abs(ratio - 1) < 0.05)
    }

    @Test func `A lone block's instructions take what the pipes' formula says, for any mix`() throws {
        let seed = SeededGenerator.printedSeed("instruction mixes")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let exponent = [3.0, 2, 4.5][round % 3]
            let machine = try smallMachine { $0.sm.pipeExponent = exponent }
            let sm = machine.sm
            func part() -> Int { Bool.random(using: &generator) ? Int.random(in: 0...150, using: &generator) : 0 }
            let work = ComputeWork(
                instructions: 1000, tensor: round % 2 == 0 ? 0 : 40, fp32: part(), alu: part(), special: part(),
                memory: part(),
                shuffle: part())
            func per(_ count: UInt32) -> Double { Double(count) / 1000 }
            let hasProducts = round % 2 == 1
            let memory = per(work.memory) + sm.shuffleShare * per(work.shuffle)
            let use = pow(
                1 + pow(Double(sm.schedulers) * sm.memoryInstructionCycles * memory, exponent)
                    + pow(sm.aluInstructionCycles * per(work.alu), exponent)
                    + pow(sm.fp32InstructionCycles * per(work.fp32), exponent)
                    + pow(sm.specialInstructionCycles * per(work.special), exponent)
                    + pow(sm.productCycles * per(work.products), exponent), 1 / exponent)
            let classes =
                per(work.memory) + per(work.shuffle) + per(work.tensor) + per(work.fp32) + per(work.alu)
                + per(work.special)
            let interval =
                hasProducts
                ? sm.productIntervalCycles + sm.productSpecialIntervalCycles * per(work.special)
                : sm.issueIntervalCycles + sm.controlIntervalCycles * max(0, 1 - classes) + sm.specialIntervalCycles
                    * per(work.special)
            // Four warps on four schedulers.
            let cycles = pow(pow(max(1, interval), exponent) + pow(use, exponent), 1 / exponent)
            let found = try blocks(1, on: machine) { _ in [.compute(work)] }[0].cycles(of: .compute)
            #expect(abs(found / (1000 * cycles) - 1) < 1e-5, "seed \(seed), round \(round): \(work)")
        }
    }

    @Test func `A launch reads its constants once, and once more for each SM that runs a block`() throws {
        let machine = try MachineDescription(preset: .h200)
        for count in [1, 5, 132, 200] {
            let c = try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: launch(blocks: count)) { _, _ in }
            ).counters
            let active = UInt64(min(count, 132))
            #expect(c.l2OtherSectors == 7000 + 66 * active && c.l2OtherHitSectors == c.l2OtherSectors)
            #expect(c.l2FabricReadSectors == 1500 + 85 * active && c.l2FabricReadHitSectors == c.l2FabricReadSectors)
        }
    }

    @Test func `A fence asks each slice once; those of an SM that come while one waits go with it`() throws {
        let machine = try smallMachine {
            $0.launch.constantSectors = 0
            $0.launch.constantSectorsPerSM = 0
            $0.launch.blockIntervalCycles = 0
        }
        func sectors(_ programs: [[Trace.Operation]]) throws -> UInt64 {
            try result(programs, sharedMemoryBytes: 1024, on: machine).counters.l2OtherSectors
        }
        // Six slices.
        #expect(try sectors([[.invalidateL1]]) == 6)
        #expect(try sectors([[.invalidateL1, pause(1000), .invalidateL1, pause(1000), .invalidateL1]]) == 18)
        #expect(try sectors([[.invalidateL1], [.invalidateL1]]) == 12)
        #expect(try sectors(Array(repeating: [.invalidateL1], count: 6)) == 12)
        #expect(try sectors(Array(repeating: [.invalidateL1, pause(200_000), .invalidateL1], count: 6)) >= 24)
    }

    @Test func `Reductions of one sector wait for each other, those of others in the slice for their own time alone`()
        throws
    {
        let machine = try smallMachine {
            $0.l2.reductionSectorCycles = 50
            $0.l2.reductionRepeatCycles = 120
            $0.gpcs.requestCycles = 0
            $0.gpcs.fillBytesPerCycle = 0
        }
        let warm = copy(line: 0) + copy(line: 1) + [pause(3000)]
        func waited(_ operations: [Trace.Operation]) throws -> Double {
            let near = Double(machine.l2.nearLatencyCycles)
            return try result([warm + operations + [.awaitLoads]], on: machine).cycles(.loads) - near
        }
        func add(_ sector: Int, _ kind: AccessKind = .reduction, count: Int = 1) -> Trace.Operation {
            access(kind, at: sector * 32, bytes: 32 * count)
        }
        // The atomic behind waits for the unit: two cycles of the port after the reduction, a packet of two.
        #expect(abs(try waited([add(0, .atomic)])) < 1e-6)
        #expect(abs(try waited([add(0), add(0, .atomic)]) - 120) < 1e-6)
        #expect(abs(try waited([add(0), add(1, .atomic)]) - 50) < 1e-6)
        #expect(abs(try waited([add(0, count: 3), add(2, .atomic)]) - 150) < 1e-6)
        #expect(abs(try waited([add(0, count: 2), add(2, .atomic)]) - 100) < 1e-6)
        #expect(abs(try waited([add(0), add(0), add(0, .atomic)]) - 240) < 1e-6)
        #expect(abs(try waited([add(0), add(1), add(0, .atomic)]) - 100) < 1e-6)
    }

    @Test func `An addition from the other partition takes the time that the unit was idle before one that came later`()
        throws
    {
        // Windows begin every 200 cycles, the blocks with the third one.
        let machine = try pairMachine {
            $0.l2.reductionSectorCycles = 100
            $0.l2.reductionRepeatCycles = 0
            $0.launch.blockBaseCycles = 400
            $0.launch.firstWaveCycles = 0
        }
        let far = lines(home: 1, count: 1)[0]
        let atomic = [access(.atomic, at: far * 128, bytes: 4), .awaitLoads]
        func waited(_ other: [Trace.Operation]) throws -> Double {
            try result([atomic, other], on: machine).cycles(.loads)
        }
        let alone = try waited([])
        // SM 1 adds to another sector of the line later: after 150 cycles of idle time, and after 50, which are too few
        // for a sector.
        let addition = access(.reduction, at: far * 128 + 64, bytes: 4)
        #expect(abs(try waited([pause(150), addition]) - alone) < 1e-6)
        let late = try waited([pause(50), addition])
        #expect(late - alone > 150 && late - alone < 151)
    }
}
