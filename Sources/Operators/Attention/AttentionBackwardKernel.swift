import Kernels
import Trace

/// The gradients of attention: a tile of 128 keys and values stays, and tiles of 64 queries and of the output's
/// gradient pass by. The gradient of queries is added in memory, in fp32.
///
/// cuDNN's kernel is persistent, loads by bulk copies and adds by bulk reductions; flash attention 2 has a block a
/// tile, copies 16 bytes a lane and adds word by word. *Source:* as `AttentionForwardKernel`.
struct AttentionBackwardKernel: BlockProgramSource, Sendable {
    let launch: KernelLaunch
    private let shape: AttentionShape
    private let isFlash: Bool
    private let tasks: AttentionTasks?
    private let queries: AttentionTensor
    private let keys: AttentionTensor
    private let values: AttentionTensor
    private let outGradient: AttentionTensor
    private let queryGradient: AttentionTensor
    private let keyGradient: AttentionTensor
    private let valueGradient: AttentionTensor
    private let sums: (tensor: Int, address: UInt64)
    private let counter: TileCounter
    /// A step's instructions before the queries' sums are needed, and after.
    private let early: ComputeWork
    private let late: ComputeWork
    private let entry: ComputeWork
    private let exit: ComputeWork
    private let products: UInt32

    /// Queries of a step.
    private static let rows = 64

    /// - Parameters:
    ///   - queryGradient: fp32 sums.
    ///   - keyGradient: of each head of the queries, also where several share keys.
    ///   - sums: two fp32 values for each query of each head.
    init?(
        _ shape: AttentionShape, isFlash: Bool, queries: OperatorTensor, keys: OperatorTensor, values: OperatorTensor,
        outGradient: OperatorTensor, queryGradient: OperatorTensor, keyGradient: OperatorTensor,
        valueGradient: OperatorTensor, sums: OperatorTensor, counter: OperatorTensor, places: TensorPlaces
    ) {
        var entries = TensorEntries(places)
        var views: [AttentionTensor] = []
        for tensor in [queries, keys, values, outGradient, queryGradient, keyGradient, valueGradient] {
            guard let view = AttentionTensor(tensor, entries: &entries, places: places) else { return nil }
            views.append(view)
        }
        self.shape = shape
        self.isFlash = isFlash
        self.queries = views[0]
        self.keys = views[1]
        self.values = views[2]
        self.outGradient = views[3]
        self.queryGradient = views[4]
        self.keyGradient = views[5]
        self.valueGradient = views[6]
        self.sums = (entries.index(of: sums), places.address(of: sums))
        self.counter = TileCounter(tensor: entries.index(of: counter), address: places.address(of: counter))
        let warps = isFlash ? 8 : 12
        let product = Double(5 * Self.rows * AttentionShape.tile * shape.padded / 2048) / Double(warps)
        let dim = Double(shape.padded)
        let whole: ComputeWork
        if isFlash {
            let all = (3200 + 32 * dim) / 8
            whole =
                InstructionMix(
                    fma: 0.3 * all, alu: 0.3 * all, special: 32, memory: 0.2 * all, tensor: product,
                    shuffle: 0.01 * all, products: product, other: 0.12 * all
                ).work
        } else {
            let all = (2400 + 24 * dim) / 12
            whole =
                InstructionMix(
                    fma: 0.3 * all, alu: 0.25 * all, special: 22, memory: 0.12 * all, tensor: 10, other: 0.25 * all
                ).work
        }
        early = whole.part(from: 0, to: 40)
        late = whole.part(from: 40, to: 100)
        products = isFlash ? 0 : UInt32(product.rounded())
        entry = InstructionMix(alu: 60, memory: 10, other: 100).work
        exit = InstructionMix(fma: 64, alu: 128, memory: 64, other: 120).work
        let tiles = shape.batch * shape.heads * shape.keyTiles
        let blocks = isFlash ? tiles : min(places.multiprocessors, tiles)
        let own = shape
        tasks =
            isFlash
            ? nil
            : AttentionTasks(shape, tiles: shape.keyTiles, blocks: blocks) { tile in
                own.queries.dividedRoundingUp(by: Self.rows) - own.firstQueryTile(ofKeyTile: tile, rows: Self.rows)
            }
        launch = KernelLaunch(
            kernel: isFlash ? "attention_flash_bwd" : "attention_bwd",
            grid: isFlash ? Grid(x: shape.keyTiles, y: shape.batch, z: shape.heads) : Grid(x: blocks),
            threadsPerBlock: warps * 32, registersPerThread: isFlash ? 255 : 168,
            sharedMemoryBytesPerBlock: isFlash ? 147_456 : (shape.padded >= 128 ? 216_064 : 152_576),
            tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        program.add(entry)
        guard let tasks else {
            let (tile, batch, head) = launch.grid.coordinates(of: block)
            return append(.init(batch: batch, head: head, tile: tile), to: &program)
        }
        for task in tasks.tasks(ofBlock: block) {
            counter.take(in: &program)
            append(task, to: &program)
        }
        counter.take(in: &program)
    }

    private func append(_ task: AttentionTasks.Task, to program: inout BlockProgram) {
        let kind = isFlash ? AccessKind.copyBypass : .bulkLoad
        let tile = AttentionShape.tile
        let first = task.tile * tile
        let rows = min(tile, shape.keys - first)
        let keyHead = task.head / (shape.heads / shape.keyHeads)
        let columns = isFlash ? shape.dim : shape.padded
        let steps = shape.queries.dividedRoundingUp(by: Self.rows)
        let start = shape.firstQueryTile(ofKeyTile: task.tile, rows: Self.rows)
        func load(_ tensor: AttentionTensor, head: Int, row: Int, count: Int, limit: Int) -> Operation {
            tensor.rows(
                kind, batch: task.batch, head: head, row: row, count: isFlash ? min(count, limit - row) : count,
                columns: columns)
        }
        func loadStep(_ step: Int) {
            for tensor in [queries, outGradient] {
                program.operations.append(
                    load(tensor, head: task.head, row: step * Self.rows, count: Self.rows, limit: shape.queries))
            }
            program.operations.append(.commitGroup)
        }
        for tensor in [keys, values] {
            program.operations.append(load(tensor, head: keyHead, row: first, count: tile, limit: shape.keys))
        }
        loadStep(start)
        for number in start..<steps {
            if number + 1 < steps { loadStep(number + 1) }
            program.operations.append(.awaitGroups(pending: number + 1 < steps ? 1 : 0))
            // The queries' sums come with the step's copies, and are needed behind its first product.
            let here = min(Self.rows, shape.queries - number * Self.rows)
            let row = (task.batch * shape.heads + task.head) * shape.queries + number * Self.rows
            program.operations.append(
                .tile(
                    TileAccess(
                        kind: .load, tensor: sums.tensor, elementBytes: 4, address: sums.address &+ UInt64(row * 8),
                        rows: 1, rowBytes: here * 8, pitchBytes: 0, requestRows: 1, lanesPerRow: 32, laneBytes: 4,
                        laneStrideBytes: 4)))
            if products > 0 { program.operations.append(.beginProducts(products)) }
            program.add(early)
            program.operations.append(.awaitLoads)
            program.add(late)
            if products > 0 {
                program.operations.append(.awaitProducts(pending: 0))
            } else {
                program.operations.append(.barrier)
            }
            program.operations.append(
                queryGradient.rows(
                    .reduction, batch: task.batch, head: task.head, row: number * Self.rows, count: here,
                    columns: columns, laneBytes: isFlash ? 4 : 16, hint: isFlash ? .normal : .bypassL1))
        }
        program.add(exit)
        for tensor in [keyGradient, valueGradient] {
            program.operations.append(
                tensor.rows(
                    isFlash ? .store : .bulkStore, batch: task.batch, head: task.head, row: first, count: rows,
                    columns: shape.dim))
        }
    }
}
