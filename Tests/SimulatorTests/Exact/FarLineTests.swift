import Machine
import Simulator
import Testing
import Trace

/// Lines of the other partition: who is their home, what crosses, which copies there are and when they go.
@Suite struct FarLineTests {
    /// Sectors that block 0, on SM 0, reads over the fabric.
    private func crossing(_ first: [Operation], _ second: [Operation] = [], on machine: MachineDescription) throws
        -> UInt64
    {
        try result([first, second], on: machine).counters.l2FabricReadSectors
    }

    @Test func `The home of a chunk is the parity of the measured bits of its address`() throws {
        let machine = try pairMachine { $0.l2.homeChunkBytes = 4096 }
        for bit in 12...22 {
            let isFar = try crossing(copy(line: 1 << (bit - 7), bytes: 32), on: machine) == 1
            #expect(isFar == [12, 13, 15, 17, 19, 21, 22].contains(bit), "bit \(bit)")
        }
        for line in [0, 31, 96, 97, 2 << 5, 42 << 5, 171 << 5, 1707 << 5, 2047 << 5] {
            #expect(
                try crossing(copy(line: line, bytes: 32), on: machine) == UInt64(home(ofLine: line / 32)),
                "line \(line)")
        }
        // From bit 23 on chance decides, once for each stretch of addresses.
        let far = try (1...64).count { try crossing(copy(line: $0 << 16, bytes: 32), on: machine) == 1 }
        #expect((16...48).contains(far))
    }

    @Test func `A far read leaves a copy, unless the machine keeps none`() throws {
        let far = lines(home: 1, count: 1)[0]
        for copies in [true, false] {
            let machine = try pairMachine { $0.l2.copiesFarReads = copies }
            let c = try result([copy(line: far) + copy(line: far) + copy(line: far)], on: machine).counters
            #expect(c.l2FabricReadSectors == (copies ? 4 : 12))
            #expect(c.l2FabricReadHitSectors == (copies ? 0 : 8))
            #expect(c.l2TexReadHitSectors == (copies ? 8 : 0))
            #expect(c.hbmReadBytes == 128)
        }
    }

    @Test func `A far write leaves a copy of what it wrote, unless the machine keeps none`() throws {
        let far = lines(home: 1, count: 1)[0]
        let stores = [store(line: far, bytes: 32), access(.store, at: far * 128 + 64, bytes: 32)]
        for copies in [true, false] {
            let machine = try pairMachine { $0.l2.copiesFarWrites = copies }
            let c = try result([stores + copy(line: far)], on: machine).counters
            #expect(c.l2FabricWriteSectors == 2)
            #expect(c.l2FabricReadSectors == (copies ? 2 : 4))
            // The other two sectors alone come from memory.
            #expect(c.hbmReadBytes == 64)
        }
    }

    @Test func `Writes and reductions at home make the sectors of a copy stale, those alone and from either side`()
        throws
    {
        let machine = try pairMachine()
        let far = lines(home: 1, count: 1)[0]
        let twice = copy(line: far) + [pause(6000)] + copy(line: far)
        #expect(try crossing(twice, on: machine) == 4)
        for kind in [AccessKind.store, .reduction, .atomic] {
            for (bytes, stale) in [(32, 1), (96, 3), (128, 4)] as [(Int, UInt64)] {
                #expect(
                    try crossing(twice, [pause(3000), access(kind, at: far * 128, bytes: bytes)], on: machine) == 4
                        + stale)
            }
        }
        // A reduction of its own SM is executed at home too; a store renews the copy.
        let reduction = [access(.reduction, at: far * 128, bytes: 64), pause(3000)]
        #expect(try crossing(copy(line: far) + reduction + copy(line: far), on: machine) == 6)
        #expect(
            try crossing(copy(line: far) + [store(line: far, bytes: 64), pause(3000)] + copy(line: far), on: machine)
                == 4)
    }

    /// Eight ways in all on each side.
    private func oneSet(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
        try pairMachine {
            $0.l2.capacityBytes = 2 * 8 * 128
            change(&$0)
        }
    }

    @Test func `Reading or writing a copy makes it young`() throws {
        let machine = try oneSet()
        let far = lines(home: 1, count: 9)
        let full = far.prefix(8).flatMap { copy(line: $0) }
        // The ninth drives the oldest out: the first, or the second where the first was used again.
        let last = copy(line: far[8])
        #expect(try crossing(full + last + copy(line: far[0]), on: machine) == 40)
        #expect(try crossing(full + last + copy(line: far[1]), on: machine) == 36)
        for use in [copy(line: far[0]), [store(line: far[0]), pause(3000)]] {
            #expect(try crossing(full + use + last + copy(line: far[0]), on: machine) == 36)
            #expect(try crossing(full + use + last + copy(line: far[1]), on: machine) == 40)
        }
    }

    @Test func `The way of a copy that has gone stale is the next to be filled`() throws {
        let machine = try oneSet()
        let far = lines(home: 1, count: 10)
        let full = far.prefix(8).flatMap { copy(line: $0) } + [pause(8000)]
        for stale in [0, 3, 7] {
            let write = [pause(12000), store(line: far[stale])]
            // One more line finds room, a second one drives out the oldest that is left.
            let oldest = stale == 0 ? 1 : 0
            let more = full + copy(line: far[8])
            #expect(try crossing(more + copy(line: far[oldest]), write, on: machine) == 36, "way \(stale)")
            #expect(
                try crossing(more + copy(line: far[9]) + copy(line: far[oldest]), write, on: machine) == 44,
                "way \(stale)")
            #expect(
                try crossing(
                    more + copy(line: far[9]) + copy(line: far[oldest + 1 == stale ? 2 : oldest + 1]), write,
                    on: machine) == 40)
        }
    }

    @Test func `A look-up over the fabric leaves the home line's age alone, unless the machine says otherwise`() throws
    {
        let far = lines(home: 1, count: 9)
        for refreshes in [false, true] {
            let machine = try oneSet {
                $0.l2.copiesFarReads = false
                $0.l2.fabricHitRefreshesHome = refreshes
            }
            let reads = far.prefix(8) + [far[0], far[8], far[0]]
            let c = try result([reads.flatMap { copy(line: $0) }], on: machine).counters
            #expect(c.l2FabricReadSectors == 44)
            #expect(c.l2FabricReadHitSectors == (refreshes ? 8 : 4))
        }
        // Reads by the home's own SM make it young.
        let near = lines(home: 0, count: 9)
        let own = try result([(near.prefix(8) + [near[0], near[8], near[0]]).flatMap { copy(line: $0) }], on: oneSet())
            .counters
        #expect(own.l2TexReadHitSectors == 8)
        // So do writes.
        let written =
            near.prefix(8).flatMap { copy(line: $0) } + [store(line: near[0])] + copy(line: near[8])
            + copy(line: near[0])
        #expect(try result([written], on: oneSet()).counters.l2TexReadHitSectors == 4)
    }

    @Test
    func
        `Dirty lines go to memory whatever drives them out: copies that were read or written, and reads over the fabric`()
        throws
    {
        let machine = try oneSet()
        let (near, far) = (lines(home: 0, count: 8), lines(home: 1, count: 24))
        let dirty = near.map { store(line: $0, bytes: 64) }
        let reads = far.prefix(8).flatMap { copy(line: $0) }
        let writes = far.prefix(8).map { store(line: $0, bytes: 32) }
        #expect(try result([dirty], on: machine).counters.hbmWriteBytes == 0)
        #expect(try result([dirty + reads.prefix(3)], on: machine).counters.hbmWriteBytes == 64)
        #expect(try result([dirty + reads], on: machine).counters.hbmWriteBytes == 8 * 64)
        #expect(try result([dirty + writes], on: machine).counters.hbmWriteBytes == 8 * 64)
        // SM 1 leaves its own lines dirty; SM 0's reads, writes and reductions come over the fabric.
        let others = [far.suffix(8).map { store(line: $0, bytes: 96) }]
        for operations in [reads, writes, far.prefix(8).map { access(.reduction, at: $0 * 128, bytes: 32) }] {
            #expect(try result([[pause(5000)] + operations] + others, on: machine).counters.hbmWriteBytes == 8 * 96)
        }
    }

    @Test
    func `A far line takes the far latency, and its sectors their time on the fabric, one request after the other`()
        throws
    {
        let machine = try pairMachine {
            $0.l2.copiesFarReads = false
            $0.l2.copiesFarWrites = false
            // A hundred cycles a sector.
            $0.l2.fabricBytesPerCycle = 0.32
        }
        let far = lines(home: 1, count: 3)
        let warm = far.flatMap { copy(line: $0, bytes: 128) } + [pause(3000)]
        func waited(_ operations: [Operation]) throws -> Double {
            let before = try result([warm], on: machine)
            return try result([warm + operations + [.awaitLoads]], on: machine).lifetimes.sum - before.lifetimes.sum
        }
        let latency = Double(machine.l2.farLatencyCycles)
        #expect(abs(try waited([load(line: far[0])]) - latency) < 1e-6)
        #expect(abs(try waited([load(line: far[0], bytes: 64), load(line: far[1])]) - latency - 200) < 1e-6)
        #expect(abs(try waited([load(line: far[0], bytes: 128), load(line: far[1])]) - latency - 400) < 1e-6)
        // A write's sectors cross as well, a reduction is a header and its sectors, a fence is no load.
        #expect(abs(try waited([store(line: far[0], bytes: 96), load(line: far[1])]) - latency - 300) < 1e-6)
        #expect(
            abs(try waited([access(.reduction, at: far[0] * 128, bytes: 32), load(line: far[1])]) - latency - 200)
                < 1e-6)
        // What comes the other way has a way of its own.
        let read = warm + [load(line: far[0], bytes: 128), load(line: far[1]), .awaitLoads]
        let busy = lines(home: 0, count: 60).map { store(line: $0) }
        #expect(try result([read, busy], on: machine).cycles(.loads) == result([read], on: machine).cycles(.loads))
    }

    @Test
    func
        `A far miss takes memory's far latency; a later read of it, near or over the fabric, waits for the same answer`()
        throws
    {
        for copies in [true, false] {
            let machine = try pairMachine {
                $0.l2.copiesFarReads = copies
                // 32 bytes take a hundred cycles of their channel.
                $0.hbm.bytesPerSecond = 0.32 * 12 * $0.gpu.clockHertz / $0.hbm.readEfficiency
            }
            let far = lines(home: 1, count: 1)[0]
            let first = try result([[load(line: far), .awaitLoads]], on: machine)
            let latency = Double(machine.hbm.farLatencyCycles) + 100
            #expect(abs(first.cycles(.loads) - latency) < 1e-6)
            let hit = Double(copies ? machine.l2.nearLatencyCycles : machine.l2.farLatencyCycles)
            // Within a window what the first read meets is not known yet: the copy is expected to hit at home, the home
            // line to miss without a queue.
            let (soon, estimate) = try secondRead(of: far, after: 1, on: machine)
            #expect(abs(soon + estimate - (copies ? Double(machine.l2.farLatencyCycles) : latency - 100)) < 1e-3)
            for cycles in [210, 300, 420, 600] {
                let (passed, waited) = try secondRead(of: far, after: cycles, on: machine)
                #expect(abs(passed + waited - max(latency, passed + hit)) < 1e-3, "\(cycles)")
            }
        }
    }

    @Test func `A near miss does so too`() throws {
        let machine = try pairMachine { $0.hbm.bytesPerSecond = 0.32 * 12 * $0.gpu.clockHertz / $0.hbm.readEfficiency }
        let near = lines(home: 0, count: 1)[0]
        let latency = Double(machine.hbm.nearLatencyCycles) + 100
        let (soon, estimate) = try secondRead(of: near, after: 1, on: machine)
        #expect(abs(soon + estimate - latency + 100) < 1e-3)
        for cycles in [210, 330, 500] {
            let (passed, waited) = try secondRead(of: near, after: cycles, on: machine)
            #expect(
                abs(passed + waited - max(latency, passed + Double(machine.l2.nearLatencyCycles))) < 1e-3, "\(cycles)")
        }
    }

    /// Cycles from a copy of a line's first sector, for which nothing waits, to a load of it, and from there to its
    /// answer.
    private func secondRead(of line: Int, after cycles: Int, on machine: MachineDescription) throws -> (
        passed: Double, waited: Double
    ) {
        let copy = [access(.copyBypass, at: line * 128, bytes: 32), .commitGroup]
        // What follows the load outlasts the copy.
        let result = try result([copy + [pause(cycles), load(line: line), .awaitLoads, pause(2000)]], on: machine)
        #expect(result.counters.hbmReadBytes == 32)
        let passed = result.cycles(.compute) * Double(cycles) / Double(cycles + 2000)
        // The copy takes the port for a cycle, behind which the load goes.
        return passed < 1 ? (1, result.cycles(.loads)) : (passed, result.cycles(.loads))
    }

    @Test func `A fence behind reductions waits for the partitions that they went to, behind stores for both`() throws {
        let machine = try pairMachine {
            $0.l2.nearSpreadCycles = 10
            $0.l2.farSpreadCycles = 40
        }
        let (near, far) = (lines(home: 0, count: 1)[0], lines(home: 1, count: 1)[0])
        let nearFence = Double(machine.l2.nearLatencyCycles) + 5 + machine.sm.fenceWriteCycles
        let farFence = Double(machine.l2.farLatencyCycles) + 20 + machine.sm.fenceWriteCycles
        func fences(_ operations: [Operation], port: Double) throws -> Double {
            try result([operations + [.invalidateL1]], on: machine).cycles(.fences) - port
        }
        func reduction(_ line: Int) -> Operation { access(.reduction, at: line * 128, bytes: 32) }
        // A packet's flits leave the port before the fence.
        let flit = 32 / machine.l1.storeBytesPerCycle
        #expect(abs(try fences([reduction(near)], port: 2 * flit) - nearFence) < 1e-6)
        #expect(abs(try fences([reduction(far)], port: 2 * flit) - farFence) < 1e-6)
        #expect(abs(try fences([reduction(near), reduction(far)], port: 4 * flit) - farFence) < 1e-6)
        #expect(abs(try fences([store(line: near, bytes: 32)], port: flit) - farFence) < 1e-6)
        // Nothing was written since: its own time.
        #expect(
            abs(try fences([reduction(far), .invalidateL1], port: 2 * flit) - farFence - machine.sm.fenceCycles) < 1e-6)
    }
}
