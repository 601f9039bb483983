import Machine
import Simulator
import TestSupport
import Testing
import Trace

@Suite("Operations of very many lines")
struct LongOperationTests {
    private func run(_ operations: [Operation], lanes: [UInt64] = [], machine: MachineDescription) throws
        -> LaunchResult
    {
        var launch = launch()
        launch.tensors = [Tensor(name: "buffer", baseAddress: 0, byteCount: 1 << 34, elementType: "f32")]
        return try Simulation(machine: machine, cacheMode: .cold).run(
            SyntheticSource(launch: launch) { _, program in
                program.operations = operations
                program.laneAddresses = lanes
            })
    }

    @Test("A tile's units, expanded apart, are the tile's requests in their order")
    func units() {
        let seed = SeededGenerator.printedSeed("units")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let laneBytes = Int.random(in: 1...40, using: &generator)
            let tile = TileAccess(
                kind: .load, tensor: 0, elementBytes: 4, address: UInt64.random(in: 0...1 << 20, using: &generator),
                rows: Int.random(in: 1...20, using: &generator), rowBytes: Int.random(in: 1...700, using: &generator),
                pitchBytes: Int.random(in: -300...900, using: &generator),
                requestRows: Int.random(in: 1...6, using: &generator),
                lanesPerRow: Int.random(in: 1...32, using: &generator), laneBytes: laneBytes,
                laneStrideBytes: laneBytes * Int.random(in: 1...3, using: &generator),
                replicas: Int.random(in: 1...3, using: &generator))
            var expander = RequestExpander(geometry: .nvidia)
            expander.expand(tile)
            let whole = expander.requests
            #expect(UInt64(whole.count) <= tile.lineBound(lineBytes: 128), "seed \(seed), \(tile)")
            var parts: [LineRequest] = []
            var unit = 0
            let units = tile.columnCount * tile.rowGroupCount
            while unit < units {
                let column = unit % tile.columnCount
                let isGroups = column == 0 && Bool.random(using: &generator)
                let count =
                    isGroups
                    ? tile.columnCount * Int.random(in: 1...(units - unit) / tile.columnCount, using: &generator)
                    : Int.random(in: 1...tile.columnCount - column, using: &generator)
                expander.expand(tile.units(from: unit, count: count))
                parts += expander.requests
                unit += count
            }
            #expect(parts == whole, "seed \(seed), \(tile)")
        }
    }

    @Test(
        "Pieces of a long operation count what it asks for, whatever shape it has",
        arguments: [AccessKind.load, .store, .reduction])
    func counts(kind: AccessKind) throws {
        let machine = try smallMachine()
        // 5 MiB: rows of a request; one row of many requests; copies; requests of 64 KiB lanes.
        let shapes: [(rows: Int, rowBytes: Int, requestRows: Int, lanes: Int, laneBytes: Int, replicas: Int)] = [
            (40_960, 128, 1, 32, 4, 1), (1, 5 << 20, 1, 32, 4, 1), (8192, 128, 8, 32, 4, 5),
            (16, 320 << 10, 1, 8, 40_960, 1),
            (2, 1_310_720, 2, 32, 40_960, 2),
        ]
        for shape in shapes {
            let tile = TileAccess(
                kind: kind, tensor: 0, elementBytes: 4, address: 0, rows: shape.rows, rowBytes: shape.rowBytes,
                pitchBytes: shape.rowBytes, requestRows: shape.requestRows, lanesPerRow: shape.lanes,
                laneBytes: shape.laneBytes,
                laneStrideBytes: shape.laneBytes, replicas: shape.replicas)
            var expander = RequestExpander(geometry: .nvidia)
            expander.expand(tile)
            let sectors = expander.requests.reduce(0) { $0 + UInt64($1.sectors.nonzeroBitCount) }
            let result = try run([.tile(tile), access(.load, at: 0, bytes: 128), .awaitLoads], machine: machine)
            #expect(expander.requests.count > 32_768)
            #expect(result.counters.lineRequests == UInt64(expander.requests.count) + 1)
            let counted =
                kind == .load
                ? result.counters.l1LoadSectors - 4
                : kind == .store ? result.counters.l1StoreSectors : result.counters.l1ReductionSectors
            #expect(counted == sectors)
        }
    }

    @Test("A recorded request of long lanes is performed in pieces")
    func lanes() throws {
        let addresses = (0..<1024).map { UInt64($0) * 8192 }
        let operation = Operation.lanes(
            LaneAccess(kind: .load, tensor: 0, laneBytes: 8192, firstLane: 0, laneCount: 1024))
        let result = try run([operation, .awaitLoads], lanes: addresses, machine: try smallMachine())
        #expect(result.counters.l1LoadSectors == 1024 * 256)
        #expect(result.counters.l1LoadRequests == 1)
    }

    @Test("Machines that would not fit into memory are refused with the estimate and the fields to lower")
    func largeMachines() throws {
        let l2 = try smallMachine { $0.l2.capacityBytes = 1 << 40 }
        let error = #expect(throws: SimulatorError.self) { _ = try Simulation(machine: l2, cacheMode: .cold) }
        #expect(error?.description.contains("the tags of the L2 would take 131072 MiB of memory") == true)
        #expect(error?.description.contains("lower l2.capacity") == true)
        let l1 = try MachineDescription(
            named: "h200",
            options: [
                "sm.unifiedCapacity=1GiB", "gpu.smCount=4096", "gpcs.count=8", "gpcs.members=[]", "gpcs.partitions=[]",
                "gpcs.dispatchOrder=[]", "l1.tags=0B",
            ])
        let launches = #expect(throws: SimulatorError.self) { _ = try run([.awaitLoads], machine: l1) }
        #expect(launches?.description.contains("the tags of the L1s would take") == true)
    }

    @Test("Programs of resident blocks that would fill memory are refused with what they take")
    func largePrograms() throws {
        let machine = try smallMachine()
        let source = SyntheticSource(launch: launch(blocks: 40, sharedMemoryBytes: 0)) { _, program in
            program.operations = Array(repeating: .barrier, count: 1 << 21)
        }
        let error = #expect(throws: SimulatorError.self) {
            _ = try Simulation(machine: machine, cacheMode: .cold).run(source)
        }
        guard case .programsTooLarge(_, let blocks, let bytes, let limit) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(blocks > 1 && blocks < 20 && bytes > limit && limit == 512 << 20)
    }
}
