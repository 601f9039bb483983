import Kernels
import Trace

/// cuDNN's `sm90_xmma` kernels: resident blocks that take tile after tile of an implicit product. Operands come by bulk
/// copies into a ring of stages, ahead of the products, which run asynchronously.
///
/// A bulk copy moves pieces of 64 bytes. A row that does not begin at a multiple of 64 bytes takes one piece more.
/// *Source:* delivered sectors of the conv2d rows of docs/validation/h200_operators_dev.csv. Copies that find their
/// rows by an index hold a step up by 0.9 cycles a piece, fitted on three launches of a training step of MambaVision.
struct BulkConvolutionKernel: BlockProgramSource, Sendable {
    private static let warps = 12
    private static let piece = 64
    private static let indexedCyclesPerPiece = 0.9

    private enum Index { static let images = 0, weights = 1, results = 2, sums = 3 }

    /// A run of steps of a tile.
    private struct Run {
        var kind: Int
        var row: Int
        var column: Int
        var tap: Int
        var steps: Range<Int>
        var isValid: Bool
    }

    let launch: KernelLaunch
    private let product: ImplicitProduct
    private let tile: ConvolutionTile
    /// How the blocks of a gradient of weights divide it; nil for other products.
    private let gradient: WeightGradientWork?
    private let sums: UInt64
    /// Tiles along the rows of each class, and along the columns.
    private let rowTiles: [Int]
    private let columnTiles: Int
    private let products: UInt32
    private let step: InstructionMix
    private let entry: ComputeWork
    private let epilogue: ComputeWork

    /// - Parameter sums: where blocks leave sums of parts of the depth; nil where no depth is divided.
    init(
        _ product: ImplicitProduct, tile: ConvolutionTile, gradient: WeightGradientWork?, sums: Tensor?,
        tensors: [Tensor], multiprocessors: Int
    ) {
        self.product = product
        self.tile = tile
        self.gradient = gradient
        self.sums = sums?.baseAddress ?? 0
        rowTiles = product.classes.map { product.rows(of: $0).dividedRoundingUp(by: tile.rows) }
        columnTiles = product.columns.dividedRoundingUp(by: tile.columns)
        products = UInt32(tile.rows * tile.columns * tile.depth / 2048 / Self.warps)
        // A warp's instructions in a step. 32 to 41 were counted, 116 with indexed copies. Those of warps that wait for
        // a barrier, which hold nothing up, are left out.
        step = InstructionMix(alu: 4, memory: 1, tensor: 1, other: tile.kind == .indexed ? 90 : 8)
        entry = InstructionMix(alu: 60, memory: 20, other: 200).work
        let share = Double(tile.rows * tile.columns) / 24_576
        epilogue = InstructionMix(alu: 100 * share, memory: 16 * share, other: 76 * share).work
        let resident = tile.residentGrid(columns: columnTiles, multiprocessors: multiprocessors)
        let kernel: String
        switch product.pass {
        case .forward: kernel = "conv2d_fwd"
        case .inputGradient: kernel = "conv2d_dgrad"
        case .weightGradient: kernel = "conv2d_wgrad"
        }
        launch = KernelLaunch(
            kernel: kernel,
            grid: gradient.map { Grid(x: $0.blocks) } ?? Grid(x: resident.x, y: resident.y),
            threadsPerBlock: Self.warps * 32, registersPerThread: 168, sharedMemoryBytesPerBlock: tile.sharedBytes,
            tiling: "\(tile.rows)x\(tile.columns)x\(tile.depth)", tensors: tensors + (sums.map { [$0] } ?? []))
    }

    // Programs

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        program.add(entry)
        program.operations.append(.barrier)
        let runs = self.runs(ofBlock: block)
        let order = runs.enumerated().flatMap { run in run.element.steps.map { (run.offset, $0) } }
        var cycles: [Int] = []
        var rows: [ImplicitProduct.Rows] = []
        func load(upTo count: Int) {
            while cycles.count < min(count, order.count) {
                let (run, step) = order[cycles.count]
                rows.removeAll(keepingCapacity: true)
                appendRows(runs[run], step: step, rank: block, into: &rows)
                var pieces = 0
                for row in rows { pieces += append(row, to: &program) }
                program.operations.append(.commitGroup)
                cycles.append(
                    tile.kind == .indexed ? Int(Double(pieces) * Self.indexedCyclesPerPiece) : 0)
            }
        }
        load(upTo: tile.stages)
        var done = 0
        for (number, run) in runs.enumerated() {
            while done < order.count, order[done].0 == number {
                program.operations.append(.awaitGroups(pending: UInt32(cycles.count - done - 1)))
                var work = step.work
                work.cycles = UInt32(cycles[done])
                program.add(work)
                program.operations.append(.beginProducts(products))
                program.operations.append(.awaitProducts(pending: 1))
                done += 1
                load(upTo: done + tile.stages - 1)
            }
            program.operations.append(.awaitProducts(pending: 0))
            if run.isValid { finish(run, block: block, &program) }
        }
    }

    /// The tiles of a block, in order: columns vary fastest, then rows, then the classes of positions.
    private func runs(ofBlock block: Int) -> [Run] {
        if let gradient {
            return gradient.runs(ofBlock: block).map {
                Run(
                    kind: 0, row: $0.row, column: $0.column % columnTiles, tap: $0.column / columnTiles,
                    steps: $0.steps, isValid: $0.isValid)
            }
        }
        var runs: [Run] = []
        let total = rowTiles.reduce(0, +) * columnTiles
        let chunks = product.depth.dividedRoundingUp(by: tile.depth)
        for index in stride(from: block, to: total, by: launch.grid.blockCount) {
            var (row, kind) = (index / columnTiles, 0)
            while row >= rowTiles[kind] {
                row -= rowTiles[kind]
                kind += 1
            }
            runs.append(
                Run(
                    kind: kind, row: row, column: index % columnTiles, tap: 0,
                    steps: 0..<product.classes[kind].taps.count * chunks, isValid: true))
        }
        return runs
    }

    private func appendRows(_ run: Run, step: Int, rank: Int, into rows: inout [ImplicitProduct.Rows]) {
        let kind = product.classes[run.kind]
        let isGradient = product.pass == .weightGradient
        let chunks = product.depth.dividedRoundingUp(by: tile.depth)
        let (tap, chunk) = isGradient ? (run.tap, step) : (step / chunks, step % chunks)
        product.left(
            kind, first: run.row * tile.rows, count: tile.rows, tap: tap, depth: chunk * tile.depth,
            depths: tile.depth, into: &rows)
        product.right(
            kind, first: run.column * tile.columns, count: tile.columns, tap: tap, depth: chunk * tile.depth,
            depths: tile.depth, into: &rows)
    }

    /// Appends the bulk copies of some rows, in whole pieces.
    /// - Returns: the pieces.
    private func append(_ rows: ImplicitProduct.Rows, to program: inout BlockProgram) -> Int {
        let piece = Self.piece
        // Rows that begin at the same place within a piece are one copy here.
        var phases = 1
        while phases < 4, rows.pitchBytes * phases % piece != 0 { phases *= 2 }
        phases = min(phases, rows.rows)
        let tensor = launch.tensors[rows.tensor]
        var pieces = 0
        for phase in 0..<phases {
            let address = rows.address + UInt64(phase * rows.pitchBytes)
            let count = (rows.rows - phase).dividedRoundingUp(by: phases)
            let start = max(tensor.baseAddress, address / UInt64(piece) * UInt64(piece))
            let end = (address + UInt64(rows.rowBytes) + UInt64(piece) - 1) / UInt64(piece) * UInt64(piece)
            let pitch = rows.pitchBytes * phases
            // The last row must end within the tensor.
            let most = tensor.baseAddress + tensor.byteCount - UInt64((count - 1) * pitch)
            let bytes = Int(min(end, most) - start)
            program.operations.append(
                Self.tile(
                    .bulkLoad, tensor: rows.tensor, address: start, rows: count, rowBytes: bytes, pitchBytes: pitch))
            pieces += count * bytes.dividedRoundingUp(by: piece)
        }
        return pieces
    }

    private func finish(_ run: Run, block: Int, _ program: inout BlockProgram) {
        program.add(epilogue)
        guard let gradient, gradient.leavesSums else {
            var rows: [ImplicitProduct.Rows] = []
            product.output(
                product.classes[run.kind], row: run.row * tile.rows, rows: tile.rows,
                column: run.column * tile.columns, columns: tile.columns, tap: run.tap, into: &rows)
            for row in rows {
                program.operations.append(
                    Self.tile(
                        .bulkStore, tensor: row.tensor, address: row.address, rows: row.rows, rowBytes: row.rowBytes,
                        pitchBytes: row.pitchBytes))
            }
            return
        }
        // The sums of a part of the depth, fp32, 16 bytes a lane.
        let bytes = tile.rows * tile.columns * 4
        program.operations.append(
            .tile(
                TileAccess(
                    kind: .store, tensor: Index.sums, elementBytes: 4, address: sums + UInt64(block * bytes), rows: 1,
                    rowBytes: bytes, pitchBytes: 0, requestRows: 1, lanesPerRow: 32, laneBytes: 16,
                    laneStrideBytes: 16)))
    }

    /// A bulk copy. It has no warp requests; its rows stand for them.
    private static func tile(
        _ kind: AccessKind, tensor: Int, address: UInt64, rows: Int, rowBytes: Int, pitchBytes: Int
    ) -> Operation {
        .tile(
            TileAccess(
                kind: kind, tensor: tensor, elementBytes: ImplicitProduct.bytes, address: address, rows: rows,
                rowBytes: rowBytes, pitchBytes: pitchBytes, requestRows: 1, lanesPerRow: 32, laneBytes: 16,
                laneStrideBytes: 16))
    }
}
