import Kernels
import TestSupport
import Testing
import Trace

/// ssd_fused in source order: totals in closed form (fused.md section 7), order of blocks, and counters.
@Suite struct FusedSourceTests {
    private static let seeds: [UInt64] = [3, 17, 40, 2026, SeededGenerator.printedSeed("ssd_fused")]

    /// A small call; `isRegular` has whole chunks of whole tiles.
    private func shape(_ generator: inout SeededGenerator, isRegular: Bool) -> SSDShape {
        let groups = [1, 2, 3].randomElement(using: &generator)!
        let chunk = (isRegular ? [64, 128, 256] : [32, 48, 64, 100, 128]).randomElement(using: &generator)!
        let chunks = Int.random(in: 1...3, using: &generator)
        let tail = isRegular ? 0 : Int.random(in: 0..<chunk, using: &generator)
        var shape = SSDShape(
            batch: Int.random(in: 1...3, using: &generator), sequenceLength: chunks * chunk - tail,
            heads: groups * Int.random(in: 1...9, using: &generator),
            headDim: [32, 64, 96, 128].randomElement(using: &generator)!,
            groups: groups, stateDim: [16, 64, 96, 128, 192, 256].randomElement(using: &generator)!, chunkSize: chunk)
        (shape.elementType, shape.timeStepType, shape.parameterType) = (.f16, .f16, .f32)
        shape.skip = [.none, .perHead, .perChannel].randomElement(using: &generator)!
        shape.hasTimeStepBias = Bool.random(using: &generator)
        shape.hasGate = Bool.random(using: &generator)
        shape.packedLayout = Bool.random(using: &generator)
        return shape
    }

    private func source(_ shape: SSDShape, options: FusedOptions = FusedOptions(), tiling: Tiling? = nil) throws
        -> SSDFused
    {
        let allocation = SSDAllocation(shape: shape)
        return try SSDFused.makeSource(
            tiling: tiling, allocation: allocation, tensors: FusedTensors(allocation: allocation, options: options))
    }

    private func operations(_ source: SSDFused, _ block: Int) -> [SourceOperation] {
        var operations: [SourceOperation] = []
        source.appendSourceOperations(ofBlock: block, to: &operations)
        return operations
    }

    /// Elements by tensor, loads and stores apart.
    private func totals(_ source: SSDFused) -> [String: Int] {
        var totals: [String: Int] = [:]
        for block in 0..<source.launch.grid.blockCount {
            for operation in operations(source, block) {
                let kind = operation.kind == .load ? "load" : operation.kind == .store ? "store" : "atomic"
                totals["\(kind) \(source.launch.tensors[operation.tensor].name)", default: 0] += operation.elementCount
            }
        }
        return totals
    }

    @Test(arguments: seeds) func `Totals of whole chunks have their closed form`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shape = shape(&generator, isRegular: true)
        let totals = totals(try source(shape))
        let (batch, length, heads, groups) = (shape.batch, shape.sequenceLength, shape.heads, shape.groups)
        let (dim, states, chunk, chunks) = (shape.headDim, shape.stateDim, shape.chunkSize, shape.chunkCount)
        let (tiles, channelTiles, stateTiles) = (chunk / 64, (dim + 63) / 64, (states + 127) / 128)
        let perChunk = batch * heads * chunks * channelTiles
        let vectors = batch * heads * length * channelTiles * stateTiles + perChunk * chunk * (tiles + 1) / 2
        let products = batch * groups * length * states * (tiles + 1) / 2
        var expected = [
            "load dt_orig": batch * length * heads, "load A": batch * chunks * heads, "load dt": vectors,
            "store dt": batch * heads * chunks * chunk, "store dA_cumsum": batch * heads * chunks * chunk,
            "load dA_cumsum": vectors + 2 * perChunk * stateTiles + perChunk * chunk,
            "load C": products + batch * heads * length * states * channelTiles,
            "load b": products + batch * heads * length * states * channelTiles,
            "load cb": perChunk * chunk * (chunk + 64) / 2,
            "store cb": batch * chunks * groups * chunk * (chunk + 64) / 2,
            "load x": batch * length * heads * dim * stateTiles + batch * length * heads * dim * (tiles + 1) / 2
                + (shape.skip == .none ? 0 : batch * length * heads * dim),
            "load states_G": batch * chunks * heads * dim * states * (1 + tiles),
            "store states_G": batch * chunks * heads * dim * states, "store out": batch * length * heads * dim,
        ]
        let signals = batch * chunks * ((heads + 15) / 16 + tiles * tiles * groups)
        expected["atomic sync_atomic"] = signals + perChunk + signals + perChunk + 2 * perChunk * stateTiles
        if shape.hasTimeStepBias { expected["load dt_bias"] = batch * chunks * heads }
        switch shape.skip {
        case .none: break
        case .perHead: expected["load D"] = perChunk * tiles
        case .perChannel: expected["load D"] = batch * heads * chunks * dim * tiles
        }
        if shape.hasGate {
            expected["load z"] = batch * length * heads * dim
            expected["store out_x"] = batch * length * heads * dim
        }
        #expect(totals == expected, "seed \(seed): \(shape)")
    }

    @Test(arguments: seeds) func `Both configurations move the same states, inputs and output`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shape = shape(&generator, isRegular: true)
        #expect(
            totals(try source(shape)) == totals(try source(shape, tiling: FusedBlocks.tilings[1])),
            "seed \(seed): \(shape)")
    }

    @Test(arguments: seeds)
    func `Every wait is for as many signals as blocks of smaller numbers give its flag`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shape = shape(&generator, isRegular: false)
        var source = try source(shape)
        let flags = try #require(source.launch.flags)
        var program = BlockProgram()
        var signals: [UInt32: UInt32] = [:]
        var waits = 0
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            var own: [UInt32] = []
            for operation in program.operations {
                switch operation {
                case .signal(let flag): own.append(flag)
                case .awaitFlag(let flag, let count):
                    waits += 1
                    #expect(count == signals[flag, default: 0], "seed \(seed), block \(block): \(shape)")
                    #expect(UInt64(flag) * 4 < flags.byteCount)
                default: break
                }
            }
            for flag in own { signals[flag, default: 0] += 1 }
        }
        let stateTiles = (shape.stateDim + 127) / 128
        #expect(waits == source.order.chunkBlocks * (1 + stateTiles))
    }

    @Test(arguments: seeds) func `Both views name the same words`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shape = shape(&generator, isRegular: false)
        var source = try source(shape)
        let flags = try #require(source.launch.flags)
        var program = BlockProgram()
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            let words = program.operations.compactMap { operation -> UInt64? in
                switch operation {
                case .signal(let flag), .awaitFlag(let flag, _): UInt64(flag)
                case .tile(let tile) where tile.kind == .atomic: (tile.address - flags.baseAddress) / 4
                default: nil
                }
            }
            let atomics = operations(source, block).filter { $0.kind == .reduction }
            #expect(
                atomics.map { ($0.region.address - flags.baseAddress) / 4 } == words, "seed \(seed), block \(block)")
            #expect(atomics.allSatisfy { $0.elementCount == 1 && $0.elementBytes == 4 })
        }
    }

    @Test func `Roles follow each other, the third with heads fastest and batch slowest`() {
        let shape = SSDShape(
            batch: 2, sequenceLength: 256, heads: 20, headDim: 96, groups: 2, stateDim: 64, chunkSize: 128)
        let order = FusedOrder(shape: shape, blocks: FusedBlocks())
        #expect(
            order.timeStepBlocks == 8 && order.productBlocks == 32 && order.chunkBlocks == 160
                && order.readySignals == 10)
        #expect(order.work(ofBlock: 1) == .timeSteps(batch: 1, chunk: 0, firstHead: 0))
        #expect(order.work(ofBlock: 2) == .timeSteps(batch: 0, chunk: 1, firstHead: 0))
        #expect(order.work(ofBlock: 4) == .timeSteps(batch: 0, chunk: 0, firstHead: 16))
        #expect(order.work(ofBlock: 9) == .product(batch: 0, chunk: 0, group: 0, rowTile: 0, columnTile: 1))
        #expect(order.work(ofBlock: 10) == .product(batch: 0, chunk: 0, group: 0, rowTile: 1, columnTile: 0))
        #expect(order.work(ofBlock: 8 + 4 + 8) == .product(batch: 1, chunk: 1, group: 0, rowTile: 0, columnTile: 0))
        #expect(order.work(ofBlock: 8 + 16) == .product(batch: 0, chunk: 0, group: 1, rowTile: 0, columnTile: 0))
        #expect(order.work(ofBlock: 40 + 19) == .chunk(batch: 0, chunk: 0, head: 19, channelTile: 0))
        #expect(order.work(ofBlock: 40 + 20) == .chunk(batch: 0, chunk: 0, head: 0, channelTile: 1))
        #expect(order.work(ofBlock: 40 + 40) == .chunk(batch: 0, chunk: 1, head: 0, channelTile: 0))
        #expect(order.work(ofBlock: 199) == .chunk(batch: 1, chunk: 1, head: 19, channelTile: 1))
    }

    /// The places at which sequence indices are read, in the order of the source.
    @Test func `Sequence indices are read where the source reads them`() throws {
        var shape = SSDShape(
            batch: 1, sequenceLength: 100, heads: 1, headDim: 64, groups: 1, stateDim: 64, chunkSize: 64)
        shape.hasSequenceIndex = true
        let source = try source(shape)
        let tensor = try #require(source.launch.tensors.firstIndex { $0.name == "seq_idx" })
        func places(_ block: Int) -> [[Int]] {
            operations(source, block).filter { $0.tensor == tensor }.map { operation in
                let offset = Int(operation.region.address) - Int(source.launch.tensors[tensor].baseAddress)
                return operation.elementCount == 0 ? [] : [offset / 4, operation.elementCount]
            }
        }
        // Two chunks: blocks 0 and 1 are role 1, 2 and 3 role 2, 4 and 5 role 3. The second chunk has 36 positions.
        #expect(places(3) == [[64, 36], [64, 36]])
        #expect(places(4) == [[63, 1], [0, 64], [-1, 1], [63, 1], [], [0, 64]])
        #expect(places(5) == [[99, 1], [64, 36], [63, 1], [99, 1], [63, 1], [64, 36]])
    }

    @Test func `Types and tickets are a choice`() throws {
        let shape = SSDShape(
            batch: 1, sequenceLength: 64, heads: 2, headDim: 64, groups: 1, stateDim: 64, chunkSize: 64)
        var options = FusedOptions()
        (options.hasFloatStates, options.hasFloatProducts, options.takesTickets) = (true, true, false)
        let (plain, other) = (try source(shape), try source(shape, options: options))
        let ends = [plain, other].map { source in operations(source, source.launch.grid.blockCount - 1) }
        #expect(ends[0].count == ends[1].count + 1)
        func bytes(_ source: SSDFused, _ name: String) -> UInt64? {
            source.launch.tensors.first { $0.name == name }?.byteCount
        }
        for name in ["states_G", "cb"] { #expect(bytes(other, name) == bytes(plain, name).map { 2 * $0 }) }
    }
}
