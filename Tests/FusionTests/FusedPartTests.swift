import Analysis
import Fusion
import Machine
import Runs
import Testing
import Trace
import Workloads

private let input = Tensor(name: "in", baseAddress: 1 << 20, byteCount: 1 << 16, elementType: "f32")
private let mid = Tensor(name: "mid", baseAddress: 2 << 20, byteCount: 1 << 16, elementType: "f32")
private let out = Tensor(name: "out", baseAddress: 3 << 20, byteCount: 1 << 16, elementType: "f32")
private let tensors = [input, mid, out]

/// Rows of 128 bytes of one of `tensors`, a warp request each.
private func rows(_ kind: AccessKind, _ tensor: Int, _ first: Int, count: Int = 1) -> Trace.Operation {
    .tile(
        TileAccess(
            kind: kind, tensor: tensor, elementBytes: 4, address: tensors[tensor].baseAddress + UInt64(first * 128),
            rows: count,
            rowBytes: 128, pitchBytes: 128, requestRows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4))
}

private func source(
    _ kernel: String, blocks: Int, threads: Int = 32, registers: Int = 32, tensors own: [Tensor] = tensors,
    _ operations: @escaping (Int) -> [Trace.Operation]
) -> SyntheticSource {
    let launch = KernelLaunch(
        kernel: kernel, grid: Grid(x: blocks), threadsPerBlock: threads, registersPerThread: registers,
        sharedMemoryBytesPerBlock: 0, tensors: own)
    return SyntheticSource(launch: launch) { block, program in program.operations += operations(block) }
}

@Suite("Parts of fused launches")
struct FusedPartTests {
    private let machine: MachineDescription
    private let produced = Operation.compute(ComputeWork(instructions: 40, fp32: 8))
    private let consumed = Operation.compute(ComputeWork(instructions: 30, fp32: 4, memory: 10))

    init() throws { machine = try MachineDescription(named: "h200") }

    /// Two blocks, each of which loads four rows of `in`, and stores one row of `mid` and one of `out`.
    private var producer: SyntheticSource {
        source("make", blocks: 2) { [produced] block in
            [
                rows(.load, 0, 4 * block, count: 4), .awaitLoads, produced, rows(.store, 1, block), .barrier,
                rows(.store, 2, 10 + block),
            ]
        }
    }

    /// The program of the one block that `variant` makes of the producer and a consumer of these operations.
    private func fused(_ variant: FusionVariant, _ operations: [Trace.Operation]) throws -> [Trace.Operation] {
        let consumer = source("use", blocks: 1) { _ in operations }
        var whole = try JoinedParts(variant.made(of: [producer, consumer], machine: machine).launch)
        var program = BlockProgram()
        try whole.loadProgram(ofBlock: whole.launch.grid.blockCount - 1, into: &program)
        return program.operations
    }

    private func index(_ operation: Trace.Operation, in program: [Trace.Operation]) throws -> Int {
        try #require(program.firstIndex(of: operation), "\(operation)")
    }

    @Test("What inlined blocks load is asked for first, and their work follows the first wait")
    func inlined() throws {
        let own = rows(.load, 0, 100)
        let program = try fused(
            .recompute, [rows(.load, 1, 0, count: 2), own, .awaitLoads, consumed, .barrier, rows(.store, 2, 0)])
        let loads = [rows(.load, 0, 0, count: 4), rows(.load, 0, 4, count: 4), own]
        let wait = try index(.awaitLoads, in: program)
        #expect(program[..<wait].filter { $0 != .commitGroup && $0 != .barrier } == loads)
        #expect(program[wait...].prefix(4) == [.awaitLoads, .awaitLoads, .awaitGroups(pending: 0), .barrier])
        // Each producer's instructions and what it stores besides, and then the consumer's.
        let less = Operation.compute(ComputeWork(instructions: 26, fp32: 4, memory: 6))
        #expect(
            Array(program[(wait + 4)...]) == [
                produced, rows(.store, 2, 10), produced, rows(.store, 2, 11), less, .barrier, rows(.store, 2, 0),
            ])
    }

    @Test("Where products take results, each inlined block stands in front of the first that takes its own")
    func places() throws {
        let product = Operation.compute(ComputeWork(instructions: 60, tensor: 2, memory: 20, products: 4))
        // Two trips ahead; two results of each producer.
        let program = try fused(
            .recompute,
            [
                rows(.copyBypass, 1, 0), .commitGroup, rows(.copyBypass, 1, 0), .commitGroup, .awaitGroups(pending: 1),
                product,
                rows(.copyBypass, 1, 1), .commitGroup, .awaitGroups(pending: 1), product, rows(.copyBypass, 1, 1),
                .commitGroup,
                .awaitGroups(pending: 1), product, .awaitGroups(pending: 0), product, rows(.store, 2, 0),
            ])
        let products = program.indices.filter {
            if case .compute(let work) = program[$0] { work.products > 0 } else { false }
        }
        let works = program.indices.filter { program[$0] == produced }
        #expect(products.count == 4 && works.count == 2)
        #expect(program.first { $0 != .barrier } == rows(.load, 0, 0, count: 4))
        let second = try index(rows(.load, 0, 4, count: 4), in: program)
        #expect(products[0] < second && second < products[1])
        // What it stores besides goes with it.
        #expect(program[(works[0] - 1)...(products[0])].dropLast() == [.awaitLoads, produced, rows(.store, 2, 10)])
        #expect(program[(works[1] - 1)...(products[2])].dropLast() == [.awaitLoads, produced, rows(.store, 2, 11)])
        #expect(program.count { $0 == .commitGroup } == 4)
    }

    @Test("A tile that lies within another one is loaded with it, wherever that one is")
    func covered() throws {
        let mids = rows(.load, 1, 0, count: 2)
        func loads(_ own: [Trace.Operation]) throws -> [Trace.Operation] {
            try fused(.recompute, [mids] + own + [.awaitLoads, consumed, rows(.store, 2, 0)]).filter {
                if case .tile(let tile) = $0 { tile.kind.isRead } else { false }
            }
        }
        let both = [rows(.load, 0, 0, count: 4), rows(.load, 0, 4, count: 4)]
        #expect(try loads([rows(.load, 0, 2), rows(.load, 0, 4, count: 4)]) == both)
        // Rows 3 and 4 lie in both together, not in one.
        #expect(try loads([rows(.load, 0, 3, count: 2)]) == both + [rows(.load, 0, 3, count: 2)])
        // The consumer's tile holds both of the producers'.
        let whole = rows(.load, 0, 0, count: 8)
        let program = try fused(.recompute, [mids, whole, .awaitLoads, consumed, rows(.store, 2, 0)])
        #expect(try loads([whole]) == [whole])
        #expect(program.count { $0 == produced } == 2)
        #expect(try index(whole, in: program) < index(produced, in: program))
    }

    @Test("Producers' copies are one more group, for which the first wait waits too")
    func groups() throws {
        let program = try fused(
            .recompute,
            [
                rows(.load, 1, 0, count: 2), rows(.copyBypass, 0, 50), .commitGroup, rows(.copyBypass, 0, 51),
                .commitGroup,
                .awaitGroups(pending: 1), consumed, .awaitGroups(pending: 0), rows(.store, 2, 0),
            ])
        let wait = try index(.awaitGroups(pending: 1), in: program)
        #expect(program[..<wait].count { $0 == .commitGroup } == 3)
        #expect(program[(wait + 1)...].prefix(3) == [.awaitLoads, .awaitGroups(pending: 2), .barrier])
        #expect(program.count { $0 == .awaitGroups(pending: 0) } == 1)
    }

    @Test(
        "With the intermediate's loads go their instructions, and those that read shared memory where values stay in registers"
    )
    func sharedMemory() throws {
        // Two requests of one warp.
        let first = Operation.compute(ComputeWork(instructions: 30, memory: 3))
        let operations = [rows(.load, 1, 0, count: 2), .awaitLoads, first, consumed, rows(.store, 2, 0)]
        func memory(_ variant: FusionVariant) throws -> [[UInt32]] {
            try fused(variant, operations).compactMap {
                guard case .compute(let work) = $0, work.memory > 0 else { return nil }
                return [work.instructions, work.memory]
            }
        }
        #expect(try memory(.ordered(lag: nil)) == [[30, 3], [30, 10]])
        #expect(try memory(.keep) == [[28, 1], [30, 10]])
        // A step keeps one at least; what is left goes off the next one.
        #expect(try memory(.recompute) == [[28, 1], [28, 8]])
    }

    @Test("Steps that contradict themselves, as in damaged traces, are taken as they are")
    func contradictions() throws {
        let most = Int(UInt32.max)
        let empty = Operation.compute(ComputeWork(instructions: 0, memory: 9))
        #expect(try fused(.recompute, [rows(.load, 1, 0), .awaitLoads, empty]).count { $0 == produced } == 1)
        let huge = source("make", blocks: 1) { _ in
            [
                .compute(ComputeWork(instructions: 7, tensor: most, special: most, memory: most, products: most)),
                rows(.store, 1, 0),
            ]
        }
        let consumer = source("use", blocks: 1) { _ in [rows(.load, 1, 0), .awaitLoads] }
        var made = try FusionVariant.recompute.made(of: [huge, consumer], machine: machine).launch
        var program = BlockProgram()
        try made.loadProgram(ofBlock: 0, into: &program)
        let steps = program.operations.compactMap { if case .compute(let work) = $0 { work.instructions } else { nil } }
        #expect(steps.first == 7)
    }

    @Test("Words that blocks share need addresses behind all tensors", arguments: [UInt64.max, UInt64.max - 1000])
    func addresses(end: UInt64) throws {
        let high = Tensor(name: "high", baseAddress: end - 4096, byteCount: 4096, elementType: "f32")
        let tiles = source("tiles", blocks: 1, tensors: [high]) { _ in [.barrier] }
        #expect(throws: FusionError.noAddresses(tensor: "spilled", bytes: 21 * 128)) {
            try FusionVariant.persistent(blocksPerSM: 1, .strided, .linear).made(
                of: [tiles], resources: FusionResources(registers: 35), machine: machine)
        }
    }
}

@Suite("Parts of persistent launches")
struct PersistentPartTests {
    private let tileRegisters = 100
    private let blocks = 132
    private let tiles = 300

    private func parts(
        _ assignment: TileAssignment, registers: Int
    ) throws -> (launch: KernelLaunch, parts: [[BlockProgram]]) {
        let source = source("tiles", blocks: tiles, threads: 64, registers: tileRegisters) { block in
            [rows(.load, 0, block), .awaitLoads, .compute(ComputeWork(instructions: 10)), rows(.store, 2, block)]
        }
        let made = try FusionVariant.persistent(blocksPerSM: 1, assignment, .linear).made(
            of: [source], resources: FusionResources(registers: registers), machine: MachineDescription(named: "h200"))
        return (made.launch.launch, try partsInTurn(made.launch))
    }

    @Test("Half of the loop's registers that are missing are spilled around each tile, each block's in its own place")
    func spills() throws {
        // The loop has 45; 46 are missing, of which 23 are spilled: 11 of the loop's, 12 of a tile's.
        let (launch, parts) = try parts(.strided, registers: tileRegisters - 1)
        let spilled = try #require(launch.tensors.firstIndex { $0.name == "spilled" })
        let bytes = UInt64(23 * 2 * 128)
        #expect(launch.tensors[spilled].byteCount == UInt64(blocks) * bytes)
        for (block, own) in parts.enumerated() {
            let place = launch.tensors[spilled].baseAddress + UInt64(block) * bytes
            for (index, part) in own.enumerated() {
                // Warp requests of each kind, and where.
                var requests: [AccessKind: [Int]] = [:]
                for case .tile(let tile) in part.operations where tile.kind == .localLoad || tile.kind == .localStore {
                    #expect(Int(tile.tensor) == spilled)
                    #expect(tile.address == place || tile.address == place + 11 * 2 * 128)
                    #expect(tile.address + UInt64(tile.rows) * 128 <= place + bytes)
                    requests[tile.kind, default: []].append(Int(tile.rows))
                }
                #expect(requests[.localStore] == (index == 0 ? [22, 24] : [24]))
                #expect(requests[.localLoad] == (index == 0 ? [24] : [22, 24]))
                let words = part.operations.reduce(0) {
                    if case .compute(let work) = $1 { $0 + Int(work.memory) } else { $0 }
                }
                #expect(words == 35)
                // A tile's words are back before its results are stored.
                let last = part.operations.suffix(4)
                #expect(last.dropLast(2).contains(.awaitLoads) && last.last == rows(.store, 2, block + index * blocks))
            }
        }
    }

    @Test("Where all registers fit, nothing is spilled")
    func fits() throws {
        let (launch, parts) = try parts(.strided, registers: tileRegisters + 45)
        #expect(launch.tensors.map(\.name) == tensors.map(\.name))
        #expect(parts.joined().count == tiles)
    }

    @Test("A ticket is fetched in front of each tile, and once more by each block")
    func tickets() throws {
        let (launch, parts) = try parts(.ticket, registers: tileRegisters + 45)
        let ticket = try #require(launch.tensors.firstIndex { $0.name == "ticket" })
        for own in parts {
            for (index, part) in own.enumerated() {
                #expect(Array(part.operations[1...2]) == [.awaitLoads, .barrier])
                guard case .lanes(let fetch) = part.operations[0] else {
                    Issue.record("\(part.operations[0]) is no fetch")
                    continue
                }
                #expect(fetch.kind == .atomic && Int(fetch.tensor) == ticket && fetch.laneCount == 1)
                #expect(part.laneAddresses[Int(fetch.firstLane)] == launch.tensors[ticket].baseAddress)
                #expect((part.operations.count == 3) == (index == own.count - 1))
            }
        }
        #expect(parts.joined().count == tiles + blocks)
    }
}

@Suite("Code that is not executed")
struct TensorCodeTests {
    /// A wave of blocks without tensor instructions, and one with them.
    private func late(_ code: [Trace.Operation]) -> SyntheticSource {
        source("late", blocks: 264, threads: 1024, registers: 64) { block in
            [.compute(ComputeWork(instructions: 100, tensor: block < 132 ? 0 : 8, memory: 4)), rows(.store, 2, block)]
                + code
        }
    }

    @Test("Tensor code tells the clock of blocks that come later, and is no instruction")
    func clock() throws {
        let machine = try MachineDescription(named: "h200")
        func result(_ code: [Trace.Operation]) throws -> RunResult {
            try LaunchRunner.run(GeneratedLaunches([late(code)]), machine: machine, cacheMode: .cold)
        }
        let (without, with) = (try result([]).launches[0], try result([.compute(.tensorCode)]).launches[0])
        #expect(without.clockHertz == machine.clockHertz(usesTensorCores: false))
        #expect(with.clockHertz == machine.clockHertz(usesTensorCores: true))
        #expect(with.counters.warpInstructions == without.counters.warpInstructions)
        #expect(with.counters.tensorInstructions == 132 * 8 * 32 && without.counters.tensorInstructions == 132 * 8 * 32)
    }

    @Test("What inspect counts of instructions and memory does not change by tensor code")
    func inspect() throws {
        let (without, with) = (try LaunchSummary(late([])), try LaunchSummary(late([.compute(.tensorCode)])))
        #expect(with.warpInstructions == without.warpInstructions && without.warpInstructions > 0)
        #expect(with.classInstructions == without.classInstructions)
        #expect(with.tensors == without.tensors && with.idleBlocks == 0)
    }
}
