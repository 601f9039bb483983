import Machine
import Simulator
import Testing
import Trace

@Suite("Extreme traces")
struct HostileTraceTests {
    private func run(
        _ operations: [Operation], lanes: [UInt64] = [], launch: KernelLaunch = launch(),
        machine: MachineDescription? = nil
    ) throws -> LaunchResult {
        let simulation = try Simulation(machine: machine ?? smallMachine(), cacheMode: .cold)
        return try simulation.run(
            SyntheticSource(launch: launch) { _, program in
                program.operations = operations
                program.laneAddresses = lanes
            })
    }

    @Test("A block of the longest compute steps ends")
    func longCompute() throws {
        let step = Operation.compute(ComputeWork(instructions: Int(UInt32.max), tensor: 1, alu: Int(UInt32.max)))
        let result = try run(
            [step, step, .compute(ComputeWork(instructions: 7)), step],
            launch: launch(blocks: 3, sharedMemoryBytes: 1 << 10))
        #expect(result.lifetimes.count == 3)
        #expect(result.counters.warpInstructions == 3 * (3 * UInt64(UInt32.max) + 7))
    }

    @Test("More than 64 blocks compute on one SM at a time")
    func manyBlocks() throws {
        let machine = try smallMachine { settings in
            settings.sm.blocks = 200
            settings.sm.warps = 200
            settings.sm.threads = 6400
        }
        var small = launch(blocks: 500, sharedMemoryBytes: 0)
        small.registersPerThread = 1
        let result = try run(
            [.compute(ComputeWork(instructions: 100)), access(.store, at: 0, bytes: 128)], launch: small,
            machine: machine)
        #expect(result.occupancy.blocksPerSM > 64)
        #expect(result.counters.l1StoreRequests == 500)
    }

    @Test("Operations beyond the addresses that the L2 can tell apart are refused, wherever their tensor ends")
    func farAddresses() throws {
        func tile(_ address: UInt64, rows: Int, pitch: Int) -> Operation {
            .tile(
                TileAccess(
                    kind: .load, tensor: 0, elementBytes: 4, address: address, rows: rows, rowBytes: 128,
                    pitchBytes: pitch,
                    requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4))
        }
        for wrong in [
            tile(.max - 63, rows: 1, pitch: 0), tile(0, rows: 3, pitch: .max), tile(0, rows: 3, pitch: .min),
            tile(128, rows: 3, pitch: -128), tile(1 << 40, rows: 2, pitch: 1 << 62),
        ] {
            #expect(throws: SimulatorError.self) { try run([wrong]) }
        }
        #expect(try run([tile(256, rows: 3, pitch: -128)]).counters.l1LoadRequests == 3)
        let lane = Operation.lanes(LaneAccess(kind: .load, tensor: 0, laneBytes: 4, firstLane: 0, laneCount: 2))
        #expect(throws: SimulatorError.self) { try run([lane], lanes: [0, .max - 1]) }
    }

    @Test("A line whose tag would be that of an empty way stays within its set", arguments: SetHash.allCases)
    func emptyTag(hash: SetHash) throws {
        let machine = try smallMachine { settings in
            settings.l1.hash = hash
            settings.l1.ways = 5
        }
        // The low 32 bits of every possible tag of these lines are ones, or nearly.
        var operations: [Operation] = []
        for round in 0..<3 {
            for shift in 0..<10 {
                let line = (Int(UInt32.max) << shift) - round
                operations += [
                    access(.load, at: line * 128, bytes: 4096), access(.load, at: round * 1 << 20, bytes: 4096),
                ]
            }
        }
        var far = launch()
        far.tensors = []
        let wide = try smallMachine {
            $0.l2.hash = .modulo; $0.l2.capacityBytes = 48 << 20; $0.l1 = machine.settings.l1
        }
        let result = try run(operations, launch: far, machine: wide)
        #expect(result.counters.l1LoadSectors == 60 * 128)
    }

    @Test(
        "A small L2 takes tensors at any address and writes dirty lines back where they belong",
        arguments: SetHash.allCases)
    func highAddresses(hash: SetHash) throws {
        let machine = try smallMachine { $0.l2.hash = hash }
        var high = launch()
        high.tensors = [Tensor(name: "high", baseAddress: 0x7F20_0000_0000, byteCount: 1 << 30, elementType: "f32")]
        var low = launch()
        low.tensors = [Tensor(name: "low", baseAddress: 0, byteCount: 1 << 30, elementType: "f32")]
        let offsets = (0..<3000).map { $0 * 4096 }
        let results = try [(high, 0x7F20_0000_0000), (low, 0)].map { launch, base in
            try run(offsets.map { access(.store, at: base + $0, bytes: 128) }, launch: launch, machine: machine)
        }
        #expect(results[0].counters.hbmWriteBytes > 0)
        #expect(results[0].counters.l1StoreSectors == results[1].counters.l1StoreSectors)
        #expect(throws: SimulatorError.self) {
            try run([access(.load, at: 0, bytes: 128)], launch: high, machine: machine)
        }
    }

    @Test("Thousands of copy groups without a wait, and waits for groups that were never committed, end")
    func copyGroups() throws {
        var operations: [Operation] = [.awaitGroups(pending: 0), .awaitGroups(pending: .max)]
        for group in 0..<5000 { operations += [access(.copyBypass, at: group * 128, bytes: 128), .commitGroup] }
        operations += [
            .awaitGroups(pending: .max), .awaitGroups(pending: 4999), .awaitGroups(pending: 0), .commitGroup,
        ]
        let machine = try smallMachine { $0.l1.missesInFlight = 1 }
        #expect(try run(operations, machine: machine).counters.l1CopyBypassRequests == 5000)
    }

    @Test("Empty operations and empty programs end")
    func emptyOperations() throws {
        let tile = TileAccess(
            kind: .load, tensor: 0, elementBytes: 4, address: 0, rows: 0, rowBytes: 128, pitchBytes: 0, requestRows: 1,
            lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4)
        var operations: [Operation] = []
        for kind in AccessKind.allCases {
            var empty = tile
            empty.kind = kind
            operations += [
                .tile(empty), .lanes(LaneAccess(kind: kind, tensor: 0, laneBytes: 1, firstLane: 0, laneCount: 0)),
                .commitGroup,
            ]
        }
        operations += [.awaitLoads, .awaitGroups(pending: 0), .compute(ComputeWork(instructions: 0)), .barrier]
        #expect(try run(operations).counters.l1Sectors == 0)
        #expect(try run([]).lifetimes.count == 1)
    }

    @Test("A program of a million operations ends")
    func longProgram() throws {
        let operations = (0..<1_000_000).map {
            $0 % 2 == 0 ? access(.load, at: $0 % 64 * 128, bytes: 128) : Operation.barrier
        }
        #expect(try run(operations).counters.l1LoadRequests == 500_000)
    }

    @Test("Blocks that start without delay do not wait for a round of the calendar")
    func promptStart() throws {
        let machine = try smallMachine { settings in
            settings.launch.turnaroundCycles = 0
            settings.launch.blockBaseCycles = 0
            settings.launch.firstWaveCycles = 0
        }
        let blocks = launch(blocks: 40)
        let result = try run(
            [access(.load, at: 0, bytes: 128), .invalidateL1, access(.load, at: 0, bytes: 128)], launch: blocks,
            machine: machine)
        // A window's delay at most: two hits in L2, a fence and the way back.
        #expect(result.lifetimes.maximum < 4000)
    }

    @Test("A machine on which instructions never end is refused")
    func stall() throws {
        let machine = try smallMachine { settings in
            settings.sm.pipeExponent = 64
            settings.sm.memoryInstructionCycles = 1e6
        }
        #expect(throws: SimulatorError.stalled(kernel: "test", blocks: 2)) {
            try run([.compute(ComputeWork(instructions: 9, memory: 9))], launch: launch(blocks: 2), machine: machine)
        }
    }

    @Test("A warp request of the longest lanes in mixed order expands in time")
    func longLanes() throws {
        let lanes = (0..<1024).map { UInt64(($0 * 619) % 1024) * 70_000 }
        let access = Operation.lanes(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 65_535, firstLane: 0, laneCount: 1024))
        #expect(try run([access], lanes: lanes).counters.l1LoadRequests == 1)
    }
}
