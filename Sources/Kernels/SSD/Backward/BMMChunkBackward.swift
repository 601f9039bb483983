import Trace

/// bmm_ch_bwd: the gradient of B or C. It is the gradient of the products C Bᵀ times the other factor, plus the
/// gradient that is there already.
///
/// Grid (tiles of chunk by state dim, batch, chunks and groups). The kernel is launched twice: for B with the products'
/// gradient transposed, for C as it lies. A block walks all valid positions, though half of the gradient is zero.
package struct BMMChunkBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let columnTiles: Int
    /// Whether the rows of the result are columns of the products' gradient.
    private let isTransposed: Bool
    private let productsView: TensorView
    private let factorView: TensorView
    private let residualView: TensorView
    private let resultView: TensorView
    private let products: Operand
    private let factor: Operand
    private let residual: Operand
    private let result: Operand
    private let pipeline: SoftwarePipeline
    private let local: LocalMemory?
    private let costs: StageCosts

    /// - Parameter factor: the factor whose gradient this launch makes.
    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients, factor which: ProductFactor) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByGroups: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        isTransposed = which == .b
        columnTiles = shape.stateDim.dividedRoundingUp(by: tiling.n)
        productsView = gradients.products
        factorView = which == .b ? allocation.c : allocation.b
        residualView = which == .b ? gradients.summedB : gradients.summedC
        resultView = which == .b ? gradients.b : gradients.c
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let bytes = shape.elementType.byteCount
        factor = frame.tile(
            "a", factorView, .pipelined, rows: tiling.k, columns: tiling.n, mask: frame.stateMask,
            crosswise: AccumulatorLayout.crosswiseElements(rows: tiling.m, warps: tiling.warps, elementBytes: bytes))
        products =
            isTransposed
            ? frame.tile("dout", productsView, .pipelined, rows: tiling.k, columns: tiling.m, mask: frame.chunkMask)
            : frame.tile("dout", productsView, .pipelined, rows: tiling.m, columns: tiling.k, mask: frame.positionMask)
        result = frame.tile("db", resultView, .store, rows: tiling.m, columns: tiling.n, mask: frame.stateMask)
        residual = frame.tile(
            "res", residualView, .load, rows: tiling.m, columns: tiling.n, mask: frame.stateMask,
            widest: min(frame.tileAlignment(of: resultView), 16 / bytes))
        pipeline = SoftwarePipeline(stages: tiling.stages, operands: [products, factor], trip: costs.trip)
        let grid = Grid(
            x: shape.chunkSize.dividedRoundingUp(by: tiling.m) * columnTiles, y: shape.batch,
            z: shape.chunkCount * shape.groups)
        local = frame.localMemory(grid: grid)
        launch = frame.launch(grid: grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (tile, batch, chunkAndGroup) = launch.grid.coordinates(of: block)
        let chunk = chunkAndGroup / shape.groups
        let group = chunkAndGroup % shape.groups
        let row = tile / columnTiles * tiling.m
        let column = tile % columnTiles * tiling.n
        let valid = shape.validLength(ofChunk: chunk)
        let rows = min(tiling.m, shape.chunkSize - row)
        let columns = min(tiling.n, shape.stateDim - column)
        func own(_ view: TensorView) -> TileRegion {
            view.region(
                batch: batch, chunk: chunk, head: group, row: row, column: column, rows: min(tiling.m, valid - row),
                columns: columns)
        }
        sink.compute(costs.addresses)
        sink.loop(
            pipeline, trips: valid.dividedRoundingUp(by: tiling.k), lead: costs.lead
        ) { index, part, sink in
            let position = index &* tiling.k
            let positions = min(tiling.k, valid - position)
            sink.access(
                products,
                isTransposed
                    ? productsView.region(
                        batch: batch, chunk: chunk, head: group, row: position, column: row, rows: positions,
                        columns: rows)
                    : productsView.region(
                        batch: batch, chunk: chunk, head: group, row: row, column: position, rows: rows,
                        columns: positions),
                in: part)
            sink.access(
                factor,
                factorView.region(
                    batch: batch, chunk: chunk, head: group, row: position, column: column, rows: positions,
                    columns: columns), in: part)
        }
        sink.spill(local, block: block)
        sink.access(residual, own(residualView))
        sink.reload(local, block: block)
        sink.awaitLoads()
        sink.store(result, own(resultView), behind: costs.stores)
    }
}

/// A factor of the products C Bᵀ.
package enum ProductFactor: String, Sendable, CaseIterable {
    case b, c
}

extension BMMChunkBackward {
    /// Gradients of B or C, through the products.
    package static let description = SSDKernel(
        name: "bmm_ch_bwd", function: "_bmm_chunk_bwd_kernel", summary: "gradients of B or C, through the products",
        pass: .backward, factors: [.b, .c], pipes: .tensor,
        axes: GridAxes(chunk: .z, head: nil), fields: ["M", "N", "K"], candidates: Tiling.tiles,
        tunedBy: [.chunk, .states],
        tuned: \.productBackward,
        code: SSDCode(
            mix: CostModel.chunkProductBackward,
            registers: {
                RegisterEstimate.tileKernel($0, leftBytes: 4)
                    + 0.75 * RegisterEstimate.elements($0, rows: $0.tiling.m, columns: $0.tiling.n)
            },
            sharedMemory: SharedMemoryEstimate.chunkProductBackward,
            compiled: { _ in CompiledTable.productBackward }),
        framework: SSDFramework(after: { glue in
            guard glue.factor == .c else { return [] }
            let (length, sums) = (glue.shape.chunkSize, glue.sums)
            let decay = ("ddA_prev", glue.own.decayFromPrevious)
            return [
                ElementwiseKernel.addStrided(decay, rowElements: length, addend: ("ddA_chunk", sums.chunkDecay)),
                ElementwiseKernel.flip(decay, rowElements: length, into: ("flipped", sums.reversed)),
                CumulativeSumKernel(("flipped", sums.reversed), rowElements: length, into: ("sums", sums.reversedSums)),
                ElementwiseKernel.flip(
                    ("sums", sums.reversedSums), rowElements: length, into: ("ddA_prev_sums", sums.fromPrevious)),
            ]
        }),
        make: { call throws(KernelError) in
            BMMChunkBackward(
                tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients(), factor: call.factor)
        })
}
