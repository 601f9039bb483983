import Trace

/// CUTLASS's kernels, which cuBLAS takes for fp32 and for rows that bulk copies cannot load: a block for each tile, its
/// operands by asynchronous copies through the L1, or by plain loads where a lane cannot load four bytes.
///
/// *Source:* docs/gemm.md.
package struct PlainGEMMKernel: KernelGenerator {
    package let launch: KernelLaunch
    private let shape: GEMMShape
    /// Parts of the depth, whose fp32 products another launch adds up; 1 where it is not divided.
    let splits: Int
    private let tile: PlainTile
    private let tensors: GEMMTensors
    private let left: Operand
    private let right: Operand
    private let output: Operand
    private let bias: Operand?
    /// What the output holds already; nil where nothing is added to it.
    private let sum: Operand?
    private let step: ComputeWork
    private let epilogue: ComputeWork
    /// Tiles along the rows and columns of the output, and the tiles of columns that lie side by side in the grid's x.
    private let tilesOfRows: Int
    private let tilesOfColumns: Int
    private let run: Int
    /// The grid that has a block for each tile.
    private let tiles: Grid

    init(_ shape: GEMMShape, tile: PlainTile, tensors: GEMMTensors, multiprocessors: Int) {
        self.shape = shape
        self.tile = tile
        self.tensors = tensors
        let bytes = shape.elementType.byteCount
        func load(_ view: TensorView, tensor: Int, isDepthInner: Bool, length: Int) -> Operand {
            // A thread takes 16 bytes of a row in as many loads as its alignment asks for; with fp32 neighbouring lanes
            // take neighbouring values.
            let inner = isDepthInner ? tile.depth : length
            let lane = bytes * tile.alignment
            let stride = shape.elementType == .f32 ? lane : 16
            let perRow = max(1, min(32, inner * bytes / stride))
            let requests = RequestShape(
                rows: 32 / perRow, lanesPerRow: perRow, laneBytes: lane, laneStrideBytes: stride, replicas: 1)
            return Operand(
                kind: lane >= 4 ? .copyThroughL1 : .load, tensor: tensor, elementBytes: bytes, requests: requests,
                pitchBytes: view.rowStride * bytes)
        }
        left = load(tensors.left, tensor: 0, isDepthInner: !shape.leftIsTransposed, length: tile.rows)
        right = load(tensors.right, tensor: 1, isDepthInner: shape.rightIsTransposed, length: tile.columns)
        let lanes = RequestShape(
            rows: 1, lanesPerRow: 32, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)
        tilesOfRows = shape.rows.dividedRoundingUp(by: tile.rows)
        tilesOfColumns = shape.columns.dividedRoundingUp(by: tile.columns)
        // CUTLASS's GemmIdentityThreadblockSwizzle.
        run = tile.isPersistent ? 1 : tilesOfColumns >= 6 ? 8 : tilesOfColumns >= 3 ? 4 : tilesOfColumns >= 2 ? 2 : 1
        splits = Self.splits(
            of: shape, tile: tile, blocks: tilesOfRows * run * tilesOfColumns.dividedRoundingUp(by: run),
            multiprocessors: multiprocessors)
        output =
            splits > 1
            ? .store(
                tensor: 2, elementBytes: 4,
                requests: RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4, replicas: 1),
                pitchBytes: shape.columns * 4)
            : .store(tensor: 2, elementBytes: bytes, requests: lanes, pitchBytes: tensors.output.rowStride * bytes)
        sum =
            shape.accumulates && splits == 1
            ? Operand(
                kind: .load, tensor: 2, elementBytes: bytes, requests: lanes,
                pitchBytes: tensors.output.rowStride * bytes) : nil
        bias = tensors.bias.map { _ in
            Operand(kind: .load, tensor: 3, elementBytes: bytes, requests: lanes)
        }
        let products = tile.rows * tile.columns * tile.depth / tile.threads
        var mix = InstructionMix(alu: 8, other: 8)
        mix.memory = Double((tile.rows + tile.columns) * tile.depth) / Double(tile.alignment * tile.threads)
        if tile.usesTensorCores {
            mix.products = Double(products * 32) / 2048
            // A load of fragments from shared memory serves about two products.
            mix.tensor = mix.products
            mix.memory += mix.products / 2
            mix.other += mix.products / 2
        } else {
            // One instruction in eight is no multiply-add (measured: 294,000 instructions a warp, 262,000 of them). A
            // thread has 8 x 16 outputs, and loads 24 values in six instructions for 128 multiply-adds.
            mix.fma = Double(products)
            mix.memory += Double(products) * 6 / 128
            mix.other += Double(products) / 16
        }
        var work = mix.work
        // A thread's multiply-adds do not wait for each other, so that a warp alone issues one a cycle.
        if !tile.usesTensorCores { work.cycles = work.instructions }
        step = work
        let outputs = Double(tile.rows * tile.columns) / Double(tile.threads)
        epilogue = InstructionMix(fma: outputs, alu: outputs, memory: outputs, other: outputs).work
        var list = [
            tensors.left.tensor(named: "left"), tensors.right.tensor(named: "right"),
            splits > 1
                ? GEMM.partials(of: shape, splits: splits, tensors: tensors) : tensors.output.tensor(named: "output"),
        ]
        if let bias = tensors.bias { list.append(bias.tensor(named: "bias")) }
        if tile.isPersistent {
            list.append(Tensor(name: "tiles", baseAddress: tensors.counter, byteCount: 4, elementType: "i32"))
        }
        tiles = Grid(x: tilesOfRows * run, y: tilesOfColumns.dividedRoundingUp(by: run), z: shape.batch * splits)
        launch = KernelLaunch(
            kernel: GEMM.plainKernel,
            grid: tile.isPersistent ? Grid(x: min(multiprocessors, tiles.blockCount)) : tiles,
            threadsPerBlock: tile.threads, registersPerThread: tile.registers,
            sharedMemoryBytesPerBlock: tile.sharedMemoryBytes(elementBytes: bytes),
            resourcesAreEstimated: tile.isEstimated,
            tiling: "\(tile.columns)x\(tile.rows)_\(tile.depth)x\(tile.stages)", tensors: list)
    }

    /// Parts of the depth: as many as there are SMs for the tiles, an even number. *Source:* grids of two products of
    /// the measured MambaVision step (h200_step_mambavision_T_b128.csv): 3 tiles and 44 parts, 4 and 32.
    private static func splits(of shape: GEMMShape, tile: PlainTile, blocks: Int, multiprocessors: Int) -> Int {
        guard tile.usesTensorCores, tile.alignment > 1, shape.batch == 1, !shape.hasBias else { return 1 }
        let most = min(multiprocessors / blocks, shape.depth / (4 * tile.depth)) / 2 * 2
        return max(1, most)
    }

    /// Steps of a part of the depth.
    private func steps(ofSplit split: Int) -> Range<Int> {
        let all = shape.depth.dividedRoundingUp(by: tile.depth)
        let perSplit = all.dividedRoundingUp(by: splits)
        let first = min(all, split * perSplit)
        return first..<min(all, first + perSplit)
    }

    /// The output tile at a place of the grid, and its product of the batch; nil where the grid is larger than the
    /// output.
    private func place(ofTile index: Int) -> (row: Int, column: Int, batch: Int)? {
        let (x, y, z) = tiles.coordinates(of: index)
        let (row, column) = (x / run, y * run + x % run)
        return column < tilesOfColumns ? (row * tile.rows, column * tile.columns, z) : nil
    }

    /// The parts of the operands that a step of the block at `place` takes.
    private func operands(
        _ place: (row: Int, column: Int, batch: Int), step: Int
    ) -> (left: TileRegion, right: TileRegion) {
        let depth = step * tile.depth
        let depths = min(tile.depth, shape.depth - depth)
        let (rows, columns) = (min(tile.rows, shape.rows - place.row), min(tile.columns, shape.columns - place.column))
        return (
            shape.leftIsTransposed
                ? tensors.left.region(batch: place.batch, row: depth, column: place.row, rows: depths, columns: rows)
                : tensors.left.region(batch: place.batch, row: place.row, column: depth, rows: rows, columns: depths),
            shape.rightIsTransposed
                ? tensors.right.region(
                    batch: place.batch, row: place.column, column: depth, rows: columns, columns: depths)
                : tensors.right.region(
                    batch: place.batch, row: depth, column: place.column, rows: depths, columns: columns)
        )
    }

    private func result(_ place: (row: Int, column: Int, batch: Int)) -> TileRegion {
        let (rows, columns) = (min(tile.rows, shape.rows - place.row), min(tile.columns, shape.columns - place.column))
        guard splits == 1 else {
            let element = (place.batch * shape.rows + place.row) * shape.columns + place.column
            return TileRegion(address: tensors.partials + UInt64(element * 4), rows: rows, columns: columns)
        }
        return tensors.output.region(
            batch: place.batch, row: place.row, column: place.column, rows: min(tile.rows, shape.rows - place.row),
            columns: min(tile.columns, shape.columns - place.column))
    }

    package func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        if tile.usesTensorCores { program.operations.append(.compute(.tensorCode)) }
        for index in tileIndices(ofBlock: block) {
            if tile.isPersistent, index + launch.grid.x < tiles.blockCount {
                TileCounter(tensor: launch.tensors.count - 1, address: tensors.counter).take(in: &program)
            }
            if let place = place(ofTile: index) { append(place, to: &program) }
        }
    }

    /// The tiles of a block, in order.
    private func tileIndices(ofBlock block: Int) -> StrideTo<Int> {
        tile.isPersistent
            ? stride(from: block, to: tiles.blockCount, by: launch.grid.x) : stride(from: block, to: block + 1, by: 1)
    }

    /// Appends the program of a tile.
    private func append(_ place: (row: Int, column: Int, batch: Int), to program: inout BlockProgram) {
        let own = self.steps(ofSplit: splits > 1 ? place.batch : 0)
        let steps = own.count
        let ahead = left.isAsynchronous ? tile.stages - 1 : 1
        // A place's batch is its part of the depth where that is divided; the operands are those of the whole product.
        let source = (row: place.row, column: place.column, batch: splits > 1 ? 0 : place.batch)
        func load(_ step: Int, _ program: inout BlockProgram) {
            if step < steps {
                let regions = operands(source, step: own.lowerBound + step)
                program.append(left, regions.left)
                program.append(right, regions.right)
            }
            if left.isAsynchronous { program.operations.append(.commitGroup) }
        }
        for step in 0..<ahead { load(step, &program) }
        for step in 0..<steps {
            program.operations.append(
                left.isAsynchronous ? .awaitGroups(pending: UInt32(ahead - 1)) : .awaitLoads)
            program.operations.append(.barrier)
            load(step + ahead, &program)
            program.operations.append(.compute(self.step))
        }
        if let sum {
            program.append(sum, result(place))
            program.operations.append(.awaitLoads)
        }
        if let bias {
            program.append(
                bias,
                tensors.bias?.region(column: place.column, rows: 1, columns: result(place).columns)
                    ?? TileRegion(address: 0, rows: 0, columns: 0))
            program.operations.append(.awaitLoads)
        }
        program.operations.append(.compute(epilogue))
        program.append(output, result(place))
    }

    package func appendSourceOperations(ofBlock block: Int, to operations: inout [SourceOperation]) {
        for place in tileIndices(ofBlock: block).compactMap({ place(ofTile: $0) }) {
            let source = (row: place.row, column: place.column, batch: splits > 1 ? 0 : place.batch)
            for step in steps(ofSplit: splits > 1 ? place.batch : 0) {
                let regions = self.operands(source, step: step)
                operations.append(left.source(regions.left))
                operations.append(right.source(regions.right))
            }
            operations.append(output.source(result(place)))
        }
    }
}
