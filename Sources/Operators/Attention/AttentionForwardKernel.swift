import Kernels
import Trace

/// Attention, forward, tile by tile: a tile of 128 queries stays, and tiles of 128 keys and values pass by.
///
/// cuDNN's kernel is persistent and takes tiles by bulk copies (TMA); flash attention 2 has a block a tile and copies
/// 16 bytes a lane (cp.async). *Source:* the sdpa rows of docs/validation/h200_operators_dev.csv: grids, resources,
/// delivered sectors, and instructions a step from launches of two head dims.
struct AttentionForwardKernel: BlockProgramSource, Sendable {
    let launch: KernelLaunch
    private let shape: AttentionShape
    private let isFlash: Bool
    private let tasks: AttentionTasks?
    private let queries: AttentionTensor
    private let keys: AttentionTensor
    private let values: AttentionTensor
    private let out: AttentionTensor
    private let sums: (tensor: Int, address: UInt64)
    private let counter: TileCounter
    private let step: ComputeWork
    private let entry: ComputeWork
    private let exit: ComputeWork
    private let products: UInt32

    init?(
        _ shape: AttentionShape, isFlash: Bool, queries: OperatorTensor, keys: OperatorTensor, values: OperatorTensor,
        out: OperatorTensor, sums: OperatorTensor, counter: OperatorTensor, places: TensorPlaces
    ) {
        var entries = TensorEntries(places)
        guard let q = AttentionTensor(queries, entries: &entries, places: places),
            let k = AttentionTensor(keys, entries: &entries, places: places),
            let v = AttentionTensor(values, entries: &entries, places: places),
            let o = AttentionTensor(out, entries: &entries, places: places)
        else { return nil }
        self.shape = shape
        self.isFlash = isFlash
        (self.queries, self.keys, self.values, self.out) = (q, k, v, o)
        self.sums = (entries.index(of: sums), places.address(of: sums))
        self.counter = TileCounter(tensor: entries.index(of: counter), address: places.address(of: counter))
        let warps = isFlash ? 4 : 12
        let tile = AttentionShape.tile
        // Each of the two products of a step, in products of 16 x 8 by 16.
        let product = Double(tile * tile * shape.padded / 2048) / Double(warps)
        let dim = Double(shape.padded)
        if isFlash {
            let all = (3500 + 35.5 * dim) / 4
            step =
                InstructionMix(
                    fma: 0.4 * all, alu: 0.25 * all, special: 132, memory: 0.14 * all, tensor: 2 * product,
                    shuffle: 0.02 * all, products: 2 * product, other: 0.1 * all
                ).work
        } else {
            let all = (1952 + 19.8 * dim) / 12
            step =
                InstructionMix(
                    fma: 0.42 * all, alu: 0.2 * all, special: 45, memory: 0.02 * all, tensor: 4, shuffle: 0.02 * all,
                    other: 0.2 * all
                ).work
        }
        products = isFlash ? 0 : UInt32((2 * product).rounded())
        entry = InstructionMix(alu: 60, memory: 10, other: 100).work
        exit = InstructionMix(fma: 100, alu: 100, memory: 40, other: 90).work
        let tiles = shape.batch * shape.heads * shape.queryTiles
        let blocks = isFlash ? tiles : min(places.multiprocessors, tiles)
        let own = shape
        tasks =
            isFlash
            ? nil
            : AttentionTasks(shape, tiles: shape.queryTiles, blocks: blocks) { own.keyTiles(ofQueryTile: $0) }
        launch = KernelLaunch(
            kernel: isFlash ? "attention_flash" : "attention",
            grid: isFlash ? Grid(x: shape.queryTiles, y: shape.batch, z: shape.heads) : Grid(x: blocks),
            threadsPerBlock: warps * 32, registersPerThread: isFlash ? 255 : 168,
            sharedMemoryBytesPerBlock: isFlash
                ? (shape.padded >= 128 ? 65_536 : 49_152) : (shape.padded >= 128 ? 232_448 : 134_144),
            tensors: entries.tensors)
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        program.add(entry)
        guard let tasks else {
            let (tile, batch, head) = launch.grid.coordinates(of: block)
            return append(.init(batch: batch, head: head, tile: shape.queryTiles - 1 - tile), to: &program)
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
        let rows = min(tile, shape.queries - first)
        let steps = shape.keyTiles(ofQueryTile: task.tile)
        let keyHead = task.head / (shape.heads / shape.keyHeads)
        // Bulk copies take whole tiles; lanes of flash attention's copies are masked.
        let columns = isFlash ? shape.dim : shape.padded
        func load(_ tensor: AttentionTensor, head: Int, row: Int, limit: Int) -> Operation {
            tensor.rows(
                kind, batch: task.batch, head: head, row: row, count: isFlash ? min(tile, limit - row) : tile,
                columns: columns)
        }
        func loadStep(_ step: Int) {
            program.operations.append(load(keys, head: keyHead, row: step * tile, limit: shape.keys))
            program.operations.append(load(values, head: keyHead, row: step * tile, limit: shape.keys))
            program.operations.append(.commitGroup)
        }
        program.operations.append(load(queries, head: task.head, row: first, limit: shape.queries))
        loadStep(0)
        for number in 0..<steps {
            if number + 1 < steps { loadStep(number + 1) }
            program.operations.append(.awaitGroups(pending: number + 1 < steps ? 1 : 0))
            // Two groups of warps take turns: one's products run beside the other's softmax.
            if products > 0 { program.operations.append(.beginProducts(products)) }
            program.add(step)
            if products > 0 {
                program.operations.append(.awaitProducts(pending: 0))
            } else {
                program.operations.append(.barrier)
            }
        }
        program.add(exit)
        program.operations.append(
            out.rows(
                isFlash ? .store : .bulkStore, batch: task.batch, head: task.head, row: first, count: rows,
                columns: shape.dim))
        let row = (task.batch * shape.heads + task.head) * shape.queries + first
        program.operations.append(
            .tile(
                TileAccess(
                    kind: .store, tensor: sums.tensor, elementBytes: 4, address: sums.address &+ UInt64(row * 4),
                    rows: 1, rowBytes: rows * 4, pitchBytes: 0, requestRows: 1, lanesPerRow: 8, laneBytes: 4,
                    laneStrideBytes: 4)))
    }
}
