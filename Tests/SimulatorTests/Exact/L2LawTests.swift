import Machine
import Simulator
import TestSupport
import Testing
import Trace

/// Every byte between one L2 partition and memory, against `NaiveL2` and by hand.
@Suite struct L2LawTests {
    /// One set: lines leave and are cleaned in the order of their ages alone.
    private func oneSet(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
        try smallMachine {
            $0.l2.capacityBytes = 8 * 128
            $0.l2.dirtyShare = 1
            $0.l2.cleanAge = 1
            change(&$0)
        }
    }

    private func counters(_ operations: [Operation], on machine: MachineDescription) throws -> Counters {
        try Simulation(machine: machine, cacheMode: .cold).run(
            SyntheticSource(launch: launch()) { _, program in program.operations = operations }
        ).counters
    }

    private func store(_ line: Int, bytes: Int = 32) -> Operation { access(.store, at: line * 128, bytes: bytes) }
    private func read(_ line: Int) -> [Operation] {
        [access(.copyBypass, at: line * 128, bytes: 32), .commitGroup, .awaitGroups(pending: 0)]
    }

    @Test func `A dirty line that leaves is written back, once and with its dirty sectors alone`() throws {
        let machine = try oneSet()
        // Eight lines fit; one, two and three sectors of the first three are dirty.
        let full = (0..<3).map { store($0, bytes: 32 * ($0 + 1)) } + (3..<8).flatMap(read)
        #expect(try counters(full, on: machine).hbmWriteBytes == 0)
        #expect(try counters(full + read(8), on: machine).hbmWriteBytes == 32)
        #expect(try counters(full + read(8) + read(9), on: machine).hbmWriteBytes == 96)
        #expect(try counters(full + (8..<11).flatMap(read), on: machine).hbmWriteBytes == 192)
        #expect(try counters(full + (8..<30).flatMap(read), on: machine).hbmWriteBytes == 192)
        // A store, and a reduction, drive lines out as a read does.
        #expect(try counters(full + [store(8)], on: machine).hbmWriteBytes == 32)
        #expect(try counters(full + [access(.reduction, at: 8 * 128, bytes: 32)], on: machine).hbmWriteBytes == 32)
    }

    @Test func `Of eight ways 7/16 may be dirty, three; of a share of a half four`() throws {
        for (share, ways) in [(0.4375, 3), (0.5, 4), (0.124, 0), (0.125, 1)] {
            let machine = try oneSet { $0.l2.dirtyShare = share }
            #expect(try counters((0..<ways).map { store($0) }, on: machine).hbmWriteBytes == 0)
            #expect(try counters((0..<8).map { store($0) }, on: machine).hbmWriteBytes == UInt64(8 - ways) * 32)
        }
    }

    @Test func `58 % of 50 ways are 29, though not in binary`() throws {
        let machine = try oneSet {
            $0.l2.ways = 50
            $0.l2.capacityBytes = 50 * 128
            $0.l2.dirtyShare = 0.58
        }
        #expect(machine.derived.dirtyWays == 29)
        #expect(try counters((0..<29).map { store($0) }, on: machine).hbmWriteBytes == 0)
        #expect(try counters((0..<30).map { store($0) }, on: machine).hbmWriteBytes == 32)
    }

    @Test func `A dirty line is cleaned from its age on when others come, and leaves without a write then`() throws {
        // 5 of 16 of eight ways are two and a half: a line is cleaned when three came after it.
        for (share, age) in [(0.3125, 3), (0.5, 4), (0.875, 7)] {
            let machine = try oneSet { $0.l2.cleanAge = share }
            let before = [store(0)] + (1...age).flatMap(read)
            #expect(try counters(before, on: machine).hbmWriteBytes == 0)
            #expect(try counters(before + read(20), on: machine).hbmWriteBytes == 32)
            #expect(try counters(before + (20..<40).flatMap(read), on: machine).hbmWriteBytes == 32)
        }
    }

    /// One random operation, on the machine and on the model.
    private func step(_ generator: inout SeededGenerator, lines: Int, model: inout NaiveL2) -> (
        operations: [Operation], hits: Int
    ) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let line = number(0...number(0...(lines - 1)))
        let first = number(0...31) * 4
        let bytes = number(1...(32 - first / 4)) * 4
        let touched = Set(first / 32...(first + bytes - 1) / 32)
        let whole = touched.filter { $0 * 32 >= first && $0 * 32 + 32 <= first + bytes }
        let address = line * 128 + first
        switch number(0...5) {
        case 0, 1, 2:
            return (
                [access(.copyBypass, at: address, bytes: bytes), .commitGroup, .awaitGroups(pending: 0)],
                model.read(line, touched)
            )
        case 3, 4:
            model.write(line, touched, whole: whole)
            return ([access(.store, at: address, bytes: bytes)], 0)
        default:
            return ([access(.reduction, at: address, bytes: bytes)], model.add(line, touched))
        }
    }

    @Test func `Random reads, writes and reductions move the bytes that the naive model moves, in each range of lines`()
        throws
    {
        let seed = SeededGenerator.printedSeed("naive L2")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<40 {
            let ways = [1, 2, 3, 8, 16][Int.random(in: 0...4, using: &generator)]
            let sets = [1, 3, 8][Int.random(in: 0...2, using: &generator)]
            let machine = try smallMachine {
                $0.l2.ways = ways
                $0.l2.capacityBytes = 128 * ways * sets
                $0.l2.fetchBytes = [32, 64, 128][Int.random(in: 0...2, using: &generator)]
                $0.l2.replacement = Bool.random(using: &generator) ? .lru : .fifo
                $0.l2.dirtyShare = Double(Int.random(in: 0...16, using: &generator)) / 16
                $0.l2.cleanAge = Double(Int.random(in: 0...16, using: &generator)) / 16
                $0.l2.writePolicy = round % 8 == 7 ? .writeThrough : .writeBack
            }
            let watched =
                Int.random(
                    in: 0...ways, using: &generator)..<Int.random(in: (ways + 1)...(3 * ways + 1), using: &generator)
            var model = NaiveL2(machine.l2, watched: watched)
            var operations: [Operation] = []
            var hits = 0
            for _ in 0..<400 {
                let (step, hit) = step(&generator, lines: 2 * ways * sets + 1, model: &model)
                operations += step
                hits += hit
            }
            let result = try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: launch()) { _, program in program.operations = operations },
                watching: [UInt64(watched.lowerBound) * 128 + 5..<UInt64(watched.upperBound) * 128 - 120])
            let c = result.counters
            let traffic = model.traffic
            let what = Comment(rawValue: "seed \(seed), round \(round): \(machine.l2)")
            #expect(c.l2TexReadHitSectors + c.l2TexReductionHitSectors == UInt64(hits), what)
            #expect(c.hbmReadBytes == UInt64(traffic.read) * 32, what)
            #expect(c.hbmWriteBytes == UInt64(traffic.written) * 32, what)
            #expect(result.watched?.readBytes == UInt64(traffic.watchedRead) * 32, what)
            #expect(result.watched?.writtenBytes == UInt64(traffic.watchedWritten) * 32, what)
            let constants = UInt64(machine.launch.constantSectors + machine.launch.constantSectorsPerSM)
            #expect(c.l2OtherSectors - constants == UInt64(traffic.completed), what)
        }
    }
}
