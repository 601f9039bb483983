import Machine
import Simulator
import Testing
import Trace

/// What lies between a block and the L2, by hand: the L1, its port, miss slots, the GPC's rate and the coalescer.
@Suite struct RequestPathTests {
    private func machine(_ change: (inout MachineSettings) -> Void = { _ in }) throws -> MachineDescription {
        try smallMachine {
            $0.gpcs.requestCycles = 0
            $0.gpcs.fillBytesPerCycle = 0
            $0.sm.issueIntervalCycles = 1
            $0.sm.controlIntervalCycles = 0
            $0.launch.fetchCyclesPerInstruction = 0
            $0.launch.blockIntervalCycles = 0
            change(&$0)
        }
    }

    /// One lane a line, a sector each.
    private func lanes(_ kind: AccessKind, _ lines: Range<Int>) -> (operation: Operation, addresses: [UInt64]) {
        (
            .lanes(LaneAccess(kind: kind, tensor: 0, laneBytes: 32, firstLane: 0, laneCount: lines.count)),
            lines.map { UInt64($0) * 128 }
        )
    }

    // MARK: L1

    @Test func `Each SM has an L1 of its own`() throws {
        let two = try machine {
            $0.gpu.smCount = 2
            $0.launch.firstWaveCycles = 0
        }
        let load: [Operation] = [access(.load, at: 0, bytes: 128), .awaitLoads]
        let c = try result([load + load, [pause(5000)] + load], on: two).counters
        #expect(c.l1LoadSectors == 12 && c.l1LoadHitSectors == 4)
    }

    @Test func `A line that holds some sectors misses the others`() throws {
        let loads: [Operation] = [
            access(.load, at: 32, bytes: 32), .awaitLoads, access(.load, at: 0, bytes: 128), .awaitLoads,
        ]
        let c = try result([loads], on: machine()).counters
        #expect(c.l1LoadHitSectors == 1 && c.l2TexReadSectors == 4)
    }

    @Test
    func
        `A store leaves in the L1 the sectors that it fills: in lines that are there, and in others where stores allocate`()
        throws
    {
        for allocates in [false, true] {
            let machine = try machine { $0.l1.allocatesOnWrite = allocates }
            func hits(_ before: [Operation], store bytes: Int, at address: Int) throws -> UInt64 {
                let operations =
                    before + [access(.store, at: address, bytes: bytes), access(.load, at: 0, bytes: 128), .awaitLoads]
                return try result([operations], on: machine).counters.l1LoadHitSectors
            }
            let first: [Operation] = [access(.load, at: 0, bytes: 32), .awaitLoads]
            #expect(try hits(first, store: 32, at: 64) == 2)
            #expect(try hits(first, store: 48, at: 64) == 2)
            #expect(try hits(first, store: 16, at: 64) == 1)
            #expect(try hits([], store: 80, at: 0) == (allocates ? 2 : 0))
            #expect(try hits([], store: 16, at: 0) == 0)
        }
    }

    @Test func `An L1 hit takes its line's time at the port, a miss its sectors'`() throws {
        let machine = try machine { $0.l1.hitBytesPerCycle = 16 }
        let warm: [Operation] = [access(.load, at: 0, bytes: 512), .awaitLoads, pause(3000)]
        let hit = try result([warm + [access(.load, at: 0, bytes: 512), .awaitLoads]], on: machine).cycles(.loads)
        let first = try result([warm], on: machine).cycles(.loads)
        #expect(abs(hit - first - 4 * 8 - Double(machine.l1.hitLatencyCycles)) < 1e-6)
    }

    // MARK: The port and the miss slots

    @Test
    func
        `A block goes on while the port is booked no further ahead than its backlog, and ends once its stores have left`()
        throws
    {
        let machine = try machine { $0.l1.backlogCycles = 100 }
        let start = machine.launch.blockBaseCycles + machine.launch.firstWaveCycles
        // 4096 bytes are 128 cycles of the port as stores.
        let stores = try result([[access(.store, at: 0, bytes: 4096)]], on: machine)
        #expect(abs(stores.lifetimes.sum - start - 128) < 1e-6)
        let twice = try result(
            [[access(.store, at: 0, bytes: 4096), access(.store, at: 4096, bytes: 4096)]], on: machine)
        #expect(abs(twice.cycles(.stores) - 256) < 1e-6 && abs(twice.lifetimes.sum - start - 256) < 1e-6)
        let thenRead = try result(
            [[access(.store, at: 0, bytes: 4096), access(.store, at: 4096, bytes: 32), pause(10)]], on: machine)
        // The second store is taken at cycle 28; the instructions follow it at once.
        #expect(abs(thenRead.cycles(.stores) - 129 + thenRead.cycles(.compute)) < 1e-6)
        // Loads: 64 lines of four sectors are 222 cycles.
        let loads = try result([[load(line: 0, bytes: 8192), load(line: 100), .awaitLoads]], on: machine)
        #expect(abs(loads.cycles(.port) - (8192 / machine.l1.fillBytesPerCycle - 100)) < 1e-6)
    }

    @Test func `As many lines are on their way as there are miss slots, and the next goes when one has come`() throws {
        for slots in 1...4 {
            let machine = try machine { $0.l1.missesInFlight = slots }
            let loads = (0..<3).map { load(line: $0 * 6) } + [.awaitLoads]
            let result = try result([loads], on: machine)
            let alone = try self.result([[load(line: 0), .awaitLoads]], on: machine).cycles(.loads)
            #expect((slots > 2) == (result.cycles(.port) == 0))
            // With one slot the third follows two whole answers, with two slots one.
            if slots < 3 { #expect(abs(result.cycles(.port) - Double(3 - slots) * alone) < 4, "\(slots)") }
        }
    }

    private func result(_ programs: [[Operation]], on machine: MachineDescription) throws -> LaunchResult {
        try SimulatorTests.result(programs, on: machine)
    }

    @Test func `A wait for groups leaves as many of them on their way as it says`() throws {
        let machine = try machine()
        let near = Double(machine.l2.nearLatencyCycles)
        // The second group is there long before the first: line 0 is in the L2, line 100 comes from memory.
        let warm = copy(line: 0, bytes: 32) + [pause(3000)]
        func waited(_ lines: [Int], pending: UInt32) throws -> Double {
            let groups = lines.flatMap { [access(.copyBypass, at: $0 * 128, bytes: 32), .commitGroup] }
            let work = warm + groups + [.awaitGroups(pending: pending), pause(5000)]
            return try result([work], on: machine).cycles(.copies) - result([warm], on: machine).cycles(.copies)
        }
        let memory = try result([copy(line: 100, bytes: 32)], on: machine).cycles(.copies)
        #expect(abs(try waited([100, 0], pending: 1) - memory) < 1e-6)
        #expect(abs(try waited([0, 100], pending: 1) - near) < 1e-6)
        #expect(abs(try waited([0, 100], pending: 0) - memory - 1) < 1e-6)
        // Nothing is left to wait for but the port, which takes a cycle a copy.
        #expect(abs(try waited([0, 100], pending: 2) - 2) < 1e-6)
    }

    // MARK: The GPC's rate

    @Test
    func `What a window has too many of waits, what is left over delays the next window, and idle windows pass it on`()
        throws
    {
        // Windows of 200 cycles pass twenty requests.
        let machine = try machine {
            $0.gpcs.requestCycles = 10
            $0.gpcs.fillBytesPerCycle = 0
            $0.launch.blockBaseCycles = 400
            $0.launch.firstWaveCycles = 0
            $0.l1.fillBytesPerCycle = 1e6
            $0.l2.sliceBytesPerCycle = 1e6
            $0.hbm.bytesPerSecond = 1e16
        }
        /// Cycles that a load waits for the rate, sent `pauses` instructions after `requests` requests of window 2.
        func delay(requests: Int, after pauses: Int) throws -> Double {
            let (burst, addresses) = lanes(.copyBypass, 0..<requests)
            let result = try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: launch()) { _, program in
                    program.operations = [burst, .commitGroup, pause(pauses), load(line: 500), .awaitLoads]
                    program.laneAddresses = addresses
                })
            return result.cycles(.loads) - Double(machine.hbm.nearLatencyCycles)
        }
        // The request number 32 of a window waits for twelve; the load is number 33.
        #expect(abs(try delay(requests: 32, after: 50) - 130) < 0.01)
        #expect(abs(try delay(requests: 19, after: 50)) < 0.01)
        #expect(abs(try delay(requests: 20, after: 50) - 10) < 0.01)
        // In the next window twelve are left over; in the one behind it none.
        #expect(abs(try delay(requests: 32, after: 250) - 120) < 0.01)
        #expect(abs(try delay(requests: 32, after: 450)) < 0.01)
        // Of 160 each window passes twenty: 140, 120, 100 and so on are left over.
        for windows in 1...8 {
            let left = max(0, 160 - 20 * windows)
            #expect(abs(try delay(requests: 160, after: 200 * windows + 50) - Double(left) * 10) < 0.01, "\(windows)")
        }
    }

    @Test func `Windows in which nothing happens pass requests on too`() throws {
        let machine = try machine {
            $0.gpcs.requestCycles = 10
            $0.gpcs.fillBytesPerCycle = 0
            $0.launch.blockBaseCycles = 400
            $0.launch.firstWaveCycles = 0
            $0.l1.fillBytesPerCycle = 1e6
        }
        // 200 stores leave 180; no answer keeps the windows going while the block computes.
        let (burst, addresses) = lanes(.store, 0..<200)
        for (windows, left) in [(1, 180), (3, 140), (8, 40), (9, 20), (10, 0), (30, 0)] {
            let result = try Simulation(machine: machine, cacheMode: .cold).run(
                SyntheticSource(launch: launch()) { _, program in
                    program.operations = [burst, pause(200 * windows + 50), load(line: 0), .awaitLoads]
                    program.laneAddresses = addresses
                })
            // The port lets the load through behind the stores, after 200 cycles.
            #expect(
                abs(result.cycles(.loads) - Double(machine.l2.nearLatencyCycles) - Double(left) * 10) < 1, "\(windows)")
        }
    }

    // MARK: The coalescer

    /// SMs of `gpcs` GPCs before one partition.
    private func coalescing(sms: Int, gpcs: Int = 1, _ change: (inout MachineSettings) -> Void = { _ in }) throws
        -> MachineDescription
    {
        try machine {
            $0.gpu.smCount = sms
            $0.gpcs.count = gpcs
            $0.coalescer.enabled = true
            $0.launch.firstWaveCycles = 0
            change(&$0)
        }
    }

    private func asked(_ programs: [[Operation]], on machine: MachineDescription) throws -> UInt64 {
        try result(programs, on: machine).counters.l2TexReadSectors
    }

    @Test func `As many SMs as it says share an answer, in one GPC`() throws {
        for requesters in 1...8 {
            for sms in [1, 2, 3, 4, 5, 8, 9, 12] {
                let machine = try coalescing(sms: sms) { $0.coalescer.requesters = requesters }
                let reads = try asked(Array(repeating: copy(line: 0), count: sms), on: machine)
                #expect(
                    reads == UInt64((sms + requesters - 1) / requesters * 4), "\(sms) SMs, \(requesters) requesters")
            }
        }
        #expect(try asked([copy(line: 0), copy(line: 0)], on: coalescing(sms: 2, gpcs: 2)) == 8)
    }

    @Test
    func `An answer is shared by those whose sectors it has; sectors that were asked for on their own count together`()
        throws
    {
        let machine = try coalescing(sms: 3)
        func read(_ first: Int, _ count: Int, after: Int) -> [Operation] {
            [pause(after), access(.copyBypass, at: first * 32, bytes: count * 32), .commitGroup]
        }
        #expect(try asked([read(0, 1, after: 1), read(0, 2, after: 20)], on: machine) == 3)
        #expect(try asked([read(0, 2, after: 1), read(1, 1, after: 20)], on: machine) == 2)
        #expect(try asked([read(0, 1, after: 1), read(1, 1, after: 20), read(0, 2, after: 40)], on: machine) == 2)
        #expect(try asked([read(0, 1, after: 1), read(2, 1, after: 20), read(0, 2, after: 40)], on: machine) == 4)
    }

    @Test func `Requesters count anew with each answer, and answers of the launch before are forgotten`() throws {
        let machine = try coalescing(sms: 2) { $0.coalescer.requesters = 2 }
        let twice = copy(line: 0) + [pause(3000)] + copy(line: 0)
        #expect(try asked([twice, twice], on: machine) == 8)
        let four = try coalescing(sms: 2) { $0.coalescer.requesters = 4 }
        let simulation = try Simulation(machine: four, cacheMode: .chained)
        for _ in 0..<3 {
            let source = SyntheticSource(launch: launch(blocks: 2)) { _, program in
                program.operations = [pause(100)] + copy(line: 7)
            }
            #expect(try simulation.run(source).counters.l2TexReadSectors == 4)
        }
    }

    @Test func `It follows as many lines as it has entries, sixteen a set`() throws {
        func asked(lines: Int, entries: Int) throws -> Int {
            let machine = try coalescing(sms: 2) { $0.coalescer.entries = entries }
            let reads = (0..<lines).map { access(.copyBypass, at: $0 * 128, bytes: 32) } + [.commitGroup]
            return Int(try self.asked([reads, [pause(lines + 5)] + reads], on: machine))
        }
        #expect(try asked(lines: 16, entries: 16) == 16)
        #expect(try asked(lines: 17, entries: 16) > 17)
        #expect(try asked(lines: 17, entries: 31) > 17)
        // Lines choose sets by chance: two sets hold most of 24, and 32 sets all of 100.
        #expect(try asked(lines: 24, entries: 32) == 24)
        #expect(try asked(lines: 100, entries: 512) == 100)
    }

    @Test func `Merging ends the passage before the answer reaches its SM`() throws {
        let machine = try coalescing(sms: 2) { $0.coalescer.passageCycles = 150 }
        // The L2 holds the line: its answer comes after the near latency.
        let near = machine.l2.nearLatencyCycles
        func asked(lag: Int) throws -> UInt64 {
            let warm = copy(line: 0) + [pause(3000)]
            return try self.asked([warm + copy(line: 0), warm + [pause(lag)] + copy(line: 0)], on: machine)
        }
        #expect(try asked(lag: near - 160) == 8)
        #expect(try asked(lag: near - 145) == 12)
    }
}
