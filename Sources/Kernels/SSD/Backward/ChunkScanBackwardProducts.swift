import Trace

/// ch_scan_bwd_dcb: the gradient of the products C Bᵀ. It is dout times x, decayed and summed over heads.
///
/// Grid (tiles of the chunk's square, batch and chunk, head splits and groups). A program loops over its share of the
/// group's heads. Tiles above the diagonal store zeros and return.
package struct ChunkScanBackwardProducts: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let tiles: TileGrid
    private let allocation: SSDAllocation
    private let gradients: SSDGradients
    private let output: Operand
    private let x: Operand
    private let timeStep: Operand
    private let rowDecay: Operand
    private let columnDecay: Operand
    private let sequence: (rows: Operand, columns: Operand)?
    private let result: Operand
    private let pipeline: SoftwarePipeline
    private let skipped: ComputeWork
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        self.allocation = allocation
        self.gradients = gradients
        tiles = TileGrid(
            shape: shape, rows: shape.chunkSize, rowTile: tiling.m, columns: shape.chunkSize, columnTile: tiling.n,
            z: shape.headSplits * shape.groups)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        skipped = CostModel.skippedTile(tiling: tiling, shape: shape)
        let depth = max(16, shape.headDim.roundedUpToPowerOfTwo)
        output = frame.tile(
            "dout", gradients.output, .pipelined, rows: tiling.m, columns: depth, mask: frame.channelMask)
        x = frame.tile("x", allocation.x, .pipelined, rows: tiling.n, columns: depth, mask: frame.channelMask)
        let accumulator = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps)
        func perRow(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            frame.vector(
                name, view, .load, length: tiling.m, mask: frame.positionMask,
                short: accumulator.rowSliceRequests(elementBytes: 4))
        }
        func perColumn(_ name: String, _ view: TensorView, mask: Int, frame: inout KernelFrame) -> Operand {
            frame.vector(
                name, view, .load, length: tiling.n, mask: mask,
                short: accumulator.columnSliceRequests(
                    elementBytes: 4, vector: min(frame.chunkAlignment(of: view), mask)))
        }
        timeStep = perColumn("dt", allocation.processedTimeStep, mask: frame.chunkMask, frame: &frame)
        rowDecay = perRow("dA_cumsum", allocation.decaySums, frame: &frame)
        columnDecay = perColumn("dA_cumsum", allocation.decaySums, mask: frame.positionMask, frame: &frame)
        if let view = allocation.sequenceIndex {
            sequence = (
                perRow("seq_idx", view, frame: &frame),
                perColumn("seq_idx", view, mask: frame.positionMask, frame: &frame)
            )
        } else {
            sequence = nil
        }
        result = frame.tile(
            "dcb", gradients.splitProducts, .store, rows: tiling.m, columns: tiling.n, mask: frame.chunkMask)
        pipeline = SoftwarePipeline(stages: tiling.stages, operands: [output, x, rowDecay], trip: costs.trip)
        launch = frame.launch(grid: tiles.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tiles.place(ofBlock: block)
        let heads = shape.heads(ofProgram: place.z)
        let own = gradients.splitProducts.region(
            place, head: place.z, row: place.row, column: place.column,
            rows: min(tiling.m, shape.chunkSize - place.row),
            columns: min(tiling.n, shape.chunkSize - place.column))
        let lastRow = place.row + tiling.m
        if place.column >= lastRow {
            sink.compute(skipped)
            sink.access(result, own)
            return
        }
        let rows = min(tiling.m, place.valid - place.row)
        let columns = min(tiling.n, place.valid - place.column)
        sink.compute(costs.addresses)
        sink.loop(pipeline, trips: heads.count, lead: costs.lead, hasPendingLoads: false) { index, part, sink in
            let head = heads.lowerBound + index
            sink.access(
                output,
                gradients.output.region(place, head: head, row: place.row, rows: rows, columns: shape.headDim), in: part
            )
            sink.access(
                x,
                allocation.x.region(
                    place, head: head, row: place.column, rows: min(tiling.n, min(place.valid, lastRow) - place.column),
                    columns: shape.headDim), in: part)
            sink.access(
                timeStep,
                allocation.processedTimeStep.region(
                    place, head: head, column: place.column, columns: min(tiling.n, shape.chunkSize - place.column)),
                in: part)
            sink.access(
                rowDecay, allocation.decaySums.region(place, head: head, column: place.row, columns: rows), in: part)
            sink.access(
                columnDecay, allocation.decaySums.region(place, head: head, column: place.column, columns: columns),
                in: part)
        }
        if let sequence, let view = allocation.sequenceIndex {
            sink.access(sequence.rows, view.region(place, head: 0, column: place.row, columns: rows))
            sink.access(sequence.columns, view.region(place, head: 0, column: place.column, columns: columns))
            sink.awaitLoads()
        }
        sink.store(result, own, behind: costs.stores)
    }
}

extension ChunkScanBackwardProducts {
    /// Gradients of the products C Bᵀ.
    package static let description = SSDKernel(
        name: "ch_scan_bwd_dcb", function: "_chunk_scan_bwd_dcb_kernel", summary: "gradients of the products C Bᵀ",
        pass: .backward, pipes: .both, fields: ["M", "N"],
        candidates: Tiling.pairs([(32, 128), (128, 32), (64, 64), (64, 32), (32, 64), (32, 32)]),
        tunedBy: [.chunk, .channels],
        tuned: \.productGradient,
        code: SSDCode(
            mix: CostModel.chunkProductGradient,
            registers: { RegisterEstimate.headProduct($0, perAccumulator: 2) },
            sharedMemory: {
                SharedMemoryEstimate.headTiles($0)
                    + (max($0.tiling.m, $0.tiling.n) >= $0.tiling.threads ? 4 * $0.tiling.threads : 0)
            },
            compiled: { _ in CompiledTable.productGradient },
            isCompiled: { $0.headDim.nextPowerOfTwo == 64 }),
        framework: SSDFramework(after: { glue in
            let length = glue.shape.chunkSize
            return [
                glue.splits(
                    ("dCB_splits", glue.own.splitProducts), into: ("dCB", glue.own.products),
                    inner: glue.shape.groups * length * length)
            ]
        }),
        make: { call throws(KernelError) in
            ChunkScanBackwardProducts(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
