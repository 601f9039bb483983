import Machine
import Simulator
import Testing
import Trace

/// Memory channels by hand: a byte read takes a cycle, a byte written two, a turn a hundred; the L2 writes through.
@Suite struct MemoryTests {
    private func machine(burst: Int, channels: Int = 1, _ change: (inout MachineSettings) -> Void = { _ in }) throws
        -> MachineDescription
    {
        try smallMachine {
            $0.gpu.clockHertz = 1e9
            $0.gpcs.requestCycles = 0
            $0.gpcs.fillBytesPerCycle = 0
            $0.hbm.channels = channels
            $0.hbm.bytesPerSecond = 1e9 * Double(channels)
            $0.hbm.readEfficiency = 1
            $0.hbm.writeEfficiency = 0.5
            $0.hbm.turnaroundNanoseconds = 100
            $0.hbm.directionBurstBytes = burst
            $0.hbm.interleaveBytes = 128
            $0.l2.writePolicy = .writeThrough
            $0.sm.issueIntervalCycles = 1
            $0.sm.controlIntervalCycles = 0
            $0.launch.fetchCyclesPerInstruction = 0
            change(&$0)
        }
    }

    /// Cycles from a copy whose 32 bytes the channel takes first, and stores behind it, to the transfer of a read
    /// behind these.
    private func queue(_ stores: [Operation], on machine: MachineDescription) throws -> Double {
        let before = copy(line: 3000, bytes: 32).prefix(2) + stores
        let result = try result([before + [pause(1), load(line: 4000), .awaitLoads]], on: machine)
        return result.cycles(.compute) + result.cycles(.loads) - Double(machine.hbm.nearLatencyCycles) - 32
    }

    @Test func `A full burst is written at once: the channel turns, writes and turns back before the next read`() throws
    {
        let machine = try machine(burst: 128)
        #expect(abs(try queue([], on: machine) - 32) < 1e-6)
        #expect(abs(try queue([store(line: 0)], on: machine) - (32 + 100 + 256 + 100)) < 1e-6)
        // Two bursts turn once.
        #expect(abs(try queue([store(line: 0), store(line: 1)], on: machine) - (32 + 100 + 512 + 100)) < 1e-6)
        // Less than a burst stays in the queue.
        #expect(abs(try queue([store(line: 0, bytes: 96)], on: machine) - 32) < 1e-6)
        #expect(
            abs(
                try queue([store(line: 0, bytes: 96), store(line: 1, bytes: 32)], on: machine) - (32 + 100 + 256 + 100))
                < 1e-6)
    }

    @Test func `A queue is written in a gap that holds it and two turns; the read behind it pays for the turn back`()
        throws
    {
        let machine = try machine(burst: 4096)
        // The copy's transfer takes the first 32 cycles, the queue 192 and each turn 100: a gap of 392 is enough.
        let before = copy(line: 3000, bytes: 32).prefix(2) + [store(line: 0, bytes: 96)]
        func cost(_ instructions: Int) throws -> (gap: Double, cycles: Double) {
            let result = try result([before + [pause(instructions), load(line: 4000), .awaitLoads]], on: machine)
            let wait = result.cycles(.loads) - Double(machine.hbm.nearLatencyCycles) - 32
            return (result.cycles(.compute) - 32, wait)
        }
        for instructions in [320, 350, 385, 415, 425, 450, 600] {
            let (gap, cycles) = try cost(instructions)
            #expect(abs(cycles - (gap >= 392 ? 100 : 0)) < 1e-6, "\(gap)")
        }
    }

    @Test func `Reads of one channel follow each other, and go side by side on several`() throws {
        for (channels, interleave) in [(1, 128), (4, 128), (4, 4096)] {
            let machine = try machine(burst: 4096, channels: channels) { $0.hbm.interleaveBytes = interleave }
            let reads = (0..<8).map { load(line: $0, bytes: 128) } + [.awaitLoads]
            let cycles = try result([reads], on: machine).cycles(.loads) - Double(machine.hbm.nearLatencyCycles)
            // Eight lines of 128 cycles: all in one channel, or two in each.
            let inOne = interleave > 128 || channels == 1 ? 8 : 2
            #expect(abs(cycles - Double(inOne) * 128) < (inOne == 8 ? 1e-6 : 15))
        }
    }

    @Test func `Lines are dealt to slices in rounds, each slice once, and at strides by chance`() throws {
        // A sector takes a hundred cycles of its slice; lines that the L2 holds.
        let machine = try machine(burst: 4096) { $0.l2.sliceBytesPerCycle = 0.32 }
        func cycles(_ lines: [Int]) throws -> Double {
            let warm = lines.flatMap { copy(line: $0, bytes: 32) } + [pause(20_000)]
            let loads = lines.map { load(line: $0) } + [.awaitLoads]
            return try result([warm + loads], on: machine).cycles(.loads)
                - result([warm + [load(line: lines[0]), .awaitLoads]], on: machine).cycles(.loads)
        }
        for first in [0, 6, 60] { #expect(try cycles(Array(first..<(first + 6))) < 7) }
        let second = try cycles(Array(0..<12))
        #expect(abs(second - 100) < 13)
        // Sixty lines of which a plain remainder would give all to one slice: about ten each.
        let strided = try cycles((0..<60).map { $0 * 6 })
        #expect(strided > 800 && strided < 3000)
    }

    @Test func `Lines of a partition are dealt in rounds as well`() throws {
        let machine = try pairMachine { $0.l2.sliceBytesPerCycle = 0.32 }
        let near = lines(home: 0, count: 6)
        let warm = near.flatMap { copy(line: $0, bytes: 32) } + [pause(5000)]
        let loads = near.map { load(line: $0) } + [.awaitLoads]
        // Six slices: none is asked twice.
        #expect(try result([warm + loads], on: machine).cycles(.loads) < Double(machine.l2.nearLatencyCycles) + 7)
    }

    @Test func `A slice's sectors follow each other`() throws {
        let machine = try machine(burst: 4096) { $0.l2.sliceBytesPerCycle = 0.32 }
        let warm = copy(line: 0) + [pause(3000)]
        let near = Double(machine.l2.nearLatencyCycles)
        #expect(
            abs(try result([warm + [load(line: 0, bytes: 96), .awaitLoads]], on: machine).cycles(.loads) - near) < 1e-6)
        let port = 96 / machine.l1.fillBytesPerCycle
        let twice = try result([warm + [load(line: 0, bytes: 96), load(line: 0), .awaitLoads]], on: machine).cycles(
            .loads)
        #expect(abs(twice - near - 300) < 1e-6 && port < 300)
        // A store takes its time there too.
        let behind = try result([warm + [store(line: 0, bytes: 64), load(line: 0), .awaitLoads]], on: machine).cycles(
            .loads)
        #expect(abs(behind - near - 200) < 1e-6)
    }

    @Test func `Stores wait once memory is booked further ahead than its backlog`() throws {
        let stores = (0..<200).map { store(line: $0) }
        // 200 lines take 51,200 cycles, the port alone 800; within a window of 200 cycles, 50 lines, none is held.
        for (backlog, least, most) in [(2000.0, 34_000.0, 50_000.0), (20_000, 16_000, 32_000), (1e6, 0, 3000)] {
            let machine = try machine(burst: 128) { $0.hbm.backlogCycles = backlog }
            let lifetime = try result([stores], on: machine).lifetimes.sum
            #expect(lifetime > least && lifetime < most, "\(backlog): \(lifetime)")
        }
    }

    @Test func `Stores wait for the fabric, and reductions for an atomic unit, beyond the fabric's backlog`() throws {
        for (backlog, least, most) in [(1000.0, 30_000.0, 45_000.0), (1e6, 0, 3000)] {
            let slow = try pairMachine {
                $0.l2.fabricBytesPerCycle = 0.32
                $0.l2.fabricBacklogCycles = backlog
                $0.l2.reductionRepeatCycles = 400
            }
            // A hundred lines of four sectors, a hundred cycles each; 300 reductions on one word, of which a window
            // lets a hundred through.
            let stores = try result([lines(home: 1, count: 100).map { store(line: $0) }], on: slow).lifetimes.sum
            #expect(stores > least && stores < most, "\(backlog): \(stores)")
            let near = lines(home: 0, count: 1)[0]
            let reductions = (0..<300).map { _ in access(.reduction, at: near * 128, bytes: 4) }
            let lifetime = try result([reductions], on: slow).lifetimes.sum
            #expect(lifetime > 2 * least && lifetime < 3 * most, "\(backlog): \(lifetime)")
        }
    }

    @Test func `A share of the accesses is slow, however small, and delays are spread evenly`() throws {
        func waits(_ change: (inout MachineSettings) -> Void) throws -> [Double] {
            let machine = try machine(burst: 4096, change)
            return try (0..<40).map {
                try result([[load(line: $0 * 7), .awaitLoads]], on: machine).cycles(.loads)
                    - Double(machine.hbm.nearLatencyCycles) - 32
            }
        }
        // All slow: of a thousand cycles each place between 0 and 1000 is as likely.
        let all = try waits { ($0.hbm.slowShare, $0.hbm.slowCycles) = (1, 1000) }
        #expect(all.min()! < 200 && all.max()! > 800 && all.max()! < 1000)
        #expect(abs(all.reduce(0, +) / 40 - 500) < 200)
        // Half: the others take up to ten cycles.
        let half = try waits { ($0.hbm.slowShare, $0.hbm.slowCycles, $0.hbm.jitterCycles) = (0.5, 1000, 10) }
        #expect((10...30).contains(half.count { $0 < 10 }))
        #expect(half.contains { $0 > 800 })
        #expect(try waits { ($0.hbm.slowShare, $0.hbm.jitterCycles) = (0, 10) }.allSatisfy { $0 > 0 && $0 < 10 })
        // 0.0006 of 1024 steps round to one: some of 10,000 accesses meet it.
        let rarely = try machine(burst: 4096) {
            ($0.hbm.slowShare, $0.hbm.slowCycles, $0.hbm.jitterCycles) = (0.0006, 100_000, 0)
            $0.hbm.bytesPerSecond = 1e13
        }
        let many = try result([(0..<10_000).map { load(line: $0) } + [.awaitLoads]], on: rarely)
        #expect(many.lifetimes.sum > 50_000)
    }
}
