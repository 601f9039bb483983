import Kernels
import Trace

/// CUTLASS's convolutions for `mma` instructions (`s16816`), which cuDNN takes for few channels: a block a tile of the
/// output or a part of its depth, operands by asynchronous copies of 16 bytes a lane through the L1.
///
/// *Source:* grids and resources of four launches on an H200; requests of the gradient of a first layer's weights.
struct CopiedConvolutionKernel: BlockProgramSource, Sendable {
    private static let warps = 4

    /// The blocks, and the parts of the depth.
    struct Layout: Sendable {
        /// Tiles along the rows, and along the columns. Of a gradient of weights, the columns are the channels of all
        /// places of the kernel one after the other.
        var rowTiles: Int
        var columnTiles: Int
        var parts: Int
        /// Tiles of columns that lie side by side in the grid's x, beside those of the rows.
        var run: Int
    }

    let launch: KernelLaunch
    private let product: ImplicitProduct
    private let tile: ConvolutionTile
    private let layout: Layout
    private let sums: UInt64
    /// Tiles along the rows of each class.
    private let rowTiles: [Int]
    private let step: ComputeWork
    private let epilogue: ComputeWork

    init(_ product: ImplicitProduct, tile: ConvolutionTile, layout: Layout, sums: Tensor?, tensors: [Tensor]) {
        self.product = product
        self.tile = tile
        self.layout = layout
        self.sums = sums?.baseAddress ?? 0
        rowTiles = product.classes.map { product.rows(of: $0).dividedRoundingUp(by: tile.rows) }
        let count = Double(tile.rows * tile.columns * tile.depth / 2048 / Self.warps)
        // Measured: 284 instructions a warp and step of 64 x 128 x 32, 32 of them for the tensor cores.
        step =
            InstructionMix(
                fma: 98, alu: 101, memory: 6 + count / 2, tensor: count, products: count, other: 30
            ).work
        epilogue = InstructionMix(fma: 64, alu: 100, memory: 48, other: 80).work
        let kernel: String
        let registers: Int
        switch product.pass {
        case .forward: (kernel, registers) = ("conv2d_fwd_copied", 242)
        case .inputGradient: (kernel, registers) = ("conv2d_dgrad_copied", 248)
        case .weightGradient: (kernel, registers) = ("conv2d_wgrad_copied", tile.rows == 64 ? 155 : 255)
        }
        launch = KernelLaunch(
            kernel: kernel,
            grid: Grid(
                x: layout.rowTiles * layout.run, y: layout.columnTiles.dividedRoundingUp(by: layout.run),
                z: layout.parts),
            threadsPerBlock: Self.warps * 32, registersPerThread: registers,
            sharedMemoryBytesPerBlock: tile.sharedBytes, tiling: "\(tile.rows)x\(tile.columns)x\(tile.depth)",
            tensors: tensors + (sums.map { [$0] } ?? []))
    }

    func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        program.operations.append(.compute(.tensorCode))
        let (x, y, part) = launch.grid.coordinates(of: block)
        let column = y * layout.run + x % layout.run
        guard column < layout.columnTiles else { return }
        var (row, kind) = (x / layout.run, 0)
        while row >= rowTiles[kind] {
            row -= rowTiles[kind]
            kind += 1
        }
        let isGradient = product.pass == .weightGradient
        let chunks = product.depth.dividedRoundingUp(by: tile.depth)
        let all = isGradient ? chunks : product.classes[kind].taps.count * chunks
        let steps = all * part / layout.parts..<all * (part + 1) / layout.parts
        var rows: [ImplicitProduct.Rows] = []
        func load(_ step: Int) {
            if steps.contains(step) {
                rows.removeAll(keepingCapacity: true)
                appendRows(kind: kind, row: row, column: column, step: step, chunks: chunks, into: &rows)
                for row in rows { program.operations.append(Self.tile(.copyThroughL1, row)) }
            }
            program.operations.append(.commitGroup)
        }
        let ahead = tile.stages - 1
        for step in 0..<ahead { load(steps.lowerBound + step) }
        for step in steps {
            program.operations.append(.awaitGroups(pending: UInt32(ahead - 1)))
            program.operations.append(.barrier)
            load(step + ahead)
            program.add(self.step)
        }
        program.add(epilogue)
        guard isGradient else {
            rows.removeAll()
            product.output(
                product.classes[kind], row: row * tile.rows, rows: tile.rows, column: column * tile.columns,
                columns: tile.columns, tap: 0, into: &rows)
            for row in rows { program.operations.append(Self.tile(.store, row)) }
            return
        }
        // Sums of a part of the depth: a row of fp32 for each channel of the output.
        let width = product.columns * product.classes[0].taps.count
        let height = product.rows(of: product.classes[0])
        let (top, left) = (row * tile.rows, column * tile.columns)
        let wide = min(tile.columns, width - left) * 4
        program.operations.append(
            .tile(
                TileAccess(
                    kind: .store, tensor: 3, elementBytes: 4,
                    address: sums + UInt64(((part * height + top) * width + left) * 4),
                    rows: min(tile.rows, height - top), rowBytes: wide, pitchBytes: width * 4, requestRows: 1,
                    lanesPerRow: 32, laneBytes: 16, laneStrideBytes: 16)))
    }

    private func appendRows(
        kind: Int, row: Int, column: Int, step: Int, chunks: Int, into rows: inout [ImplicitProduct.Rows]
    ) {
        let kind = product.classes[kind]
        let isGradient = product.pass == .weightGradient
        let (tap, chunk) = isGradient ? (0, step) : (step / chunks, step % chunks)
        let depth = chunk * tile.depth
        product.left(
            kind, first: row * tile.rows,
            count: isGradient ? min(tile.rows, product.rows(of: kind) - row * tile.rows) : tile.rows, tap: tap,
            depth: depth, depths: tile.depth, into: &rows)
        guard isGradient else {
            return product.right(
                kind, first: column * tile.columns,
                count: min(tile.columns, product.columns - column * tile.columns), tap: tap, depth: depth,
                depths: tile.depth, into: &rows)
        }
        // The columns of a tile are channels of several places of the kernel.
        let end = min((column + 1) * tile.columns, product.columns * kind.taps.count)
        var place = column * tile.columns
        while place < end {
            let (tap, channel) = place.quotientAndRemainder(dividingBy: product.columns)
            let count = min(product.columns - channel, end - place)
            product.right(
                kind, first: channel, count: count, tap: tap, depth: depth, depths: tile.depth, into: &rows)
            place += count
        }
    }

    /// Rows by lanes of 16 bytes.
    private static func tile(_ kind: AccessKind, _ rows: ImplicitProduct.Rows) -> Operation {
        let lanes = max(1, min(32, rows.rowBytes / 16))
        return .tile(
            TileAccess(
                kind: kind, tensor: rows.tensor, elementBytes: ImplicitProduct.bytes, address: rows.address,
                rows: rows.rows, rowBytes: rows.rowBytes, pitchBytes: rows.pitchBytes, requestRows: 32 / lanes,
                lanesPerRow: lanes, laneBytes: 16, laneStrideBytes: 16))
    }
}
