import Trace

/// ch_scan_bwd_ddacs: the gradient of the decay sums from a chunk's own positions, row tile by row tile.
///
/// Grid (row tiles of the chunk, batch and chunk, heads). A block walks along its row up to the diagonal. Each step
/// makes a product of depth head dim, scans it and sums it by column. Everything behind the diagonal is stored as zero.
package struct ChunkScanBackwardDecay: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let tiles: TileGrid
    private let allocation: SSDAllocation
    private let gradients: SSDGradients
    private let output: Operand
    private let rowDecay: Operand
    private let x: Operand
    private let timeStep: Operand
    private let products: Operand
    private let columnDecay: Operand
    private let sums: Operand
    private let firstSum: Operand
    private let pipeline: SoftwarePipeline
    private let local: LocalMemory?
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        self.allocation = allocation
        self.gradients = gradients
        tiles = TileGrid(
            shape: shape, rows: shape.chunkSize, rowTile: tiling.m, columns: 1, columnTile: 1, z: shape.heads)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let depth = max(16, shape.headDim.roundedUpToPowerOfTwo)
        x = frame.tile("x", allocation.x, .pipelined, rows: tiling.n, columns: depth, mask: frame.channelMask)
        output = frame.tile("dout", gradients.output, .load, rows: tiling.m, columns: depth, mask: frame.channelMask)
        products = frame.tile(
            "cb", allocation.products, .load, rows: tiling.m, columns: tiling.n, mask: frame.chunkMask)
        let accumulator = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps)
        func perColumn(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            frame.vector(
                name, view, .load, length: tiling.n, mask: frame.chunkMask,
                short: accumulator.columnSliceRequests(
                    elementBytes: 4, vector: min(frame.chunkAlignment(of: view), frame.chunkMask)))
        }
        timeStep = perColumn("dt", allocation.processedTimeStep, frame: &frame)
        columnDecay = perColumn("dA_cumsum", allocation.decaySums, frame: &frame)
        rowDecay = frame.vector(
            "dA_cumsum", allocation.decaySums, .load, length: tiling.m, mask: frame.chunkMask,
            short: accumulator.rowSliceRequests(elementBytes: 4))
        firstSum = frame.scalar("ddA_cumsum", gradients.decayByRows, .store)
        // The sums lie one place behind their columns, so a lane cannot store two elements at once.
        sums = Operand.store(
            tensor: firstSum.tensor, elementBytes: 4,
            requests: RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4, replicas: 1))
        pipeline = SoftwarePipeline(stages: tiling.stages, operands: [x, products], trip: costs.trip)
        local = frame.localMemory(grid: tiles.grid)
        launch = frame.launch(grid: tiles.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tiles.place(ofBlock: block)
        let group = place.z / shape.headsPerGroup
        let rowTile = place.row / tiling.m
        func sumsRegion(_ column: Int, _ count: Int) -> TileRegion {
            gradients.decayByRows.region(place, head: place.z, row: rowTile, column: column, columns: count)
        }
        sink.compute(costs.addresses)
        sink.access(firstSum, sumsRegion(0, 1))
        sink.access(
            output,
            gradients.output.region(
                place, head: place.z, row: place.row, rows: min(tiling.m, place.valid - place.row),
                columns: shape.headDim))
        sink.access(
            rowDecay,
            allocation.decaySums.region(
                place, head: place.z, column: place.row, columns: min(tiling.m, shape.chunkSize - place.row)))
        sink.spill(local, block: block)
        let end = place.row + tiling.m
        let last = shape.chunkSize - 1
        sink.loop(
            pipeline, trips: end.dividedRoundingUp(by: tiling.n), lead: costs.lead,
            hasPendingLoads: true
        ) { index, part, sink in
            let column = index &* tiling.n
            sink.access(
                x,
                allocation.x.region(
                    place, head: place.z, row: column, rows: min(tiling.n, place.valid - column), columns: shape.headDim
                ),
                in: part)
            let columns = min(tiling.n, shape.chunkSize - column)
            sink.access(
                timeStep, allocation.processedTimeStep.region(place, head: place.z, column: column, columns: columns),
                in: part)
            sink.access(
                products,
                allocation.products.region(
                    place, head: group, row: place.row, column: column,
                    rows: min(tiling.m, shape.chunkSize - place.row),
                    columns: columns), in: part)
            sink.access(
                columnDecay, allocation.decaySums.region(place, head: place.z, column: column, columns: columns),
                in: part)
        } finish: { index, sink in
            let column = index &* tiling.n
            sink.access(sums, sumsRegion(column + 1, min(tiling.n, last - column)))
        }
        sink.reload(local, block: block)
        for column in stride(from: end, to: shape.chunkSize, by: tiling.n) {
            sink.access(sums, sumsRegion(column + 1, min(tiling.n, last - column)))
        }
        sink.compute(costs.epilogue)
    }
}

extension ChunkScanBackwardDecay {
    /// Gradients of the decay sums, inside each chunk.
    package static let description = SSDKernel(
        name: "ch_scan_bwd_ddacs", function: "_chunk_scan_bwd_ddAcs_stable_kernel",
        summary: "gradients of the decay sums, inside each chunk",
        pass: .backward, pipes: .both, fields: ["M", "N"],
        candidates: Tiling.pairs([(32, 32), (64, 32), (64, 64), (128, 32), (128, 64), (128, 128)]),
        tunedBy: [.chunk, .channels],
        tuned: { _ in .simple(m: 64, n: 32) },
        code: SSDCode(
            mix: CostModel.decayGradient,
            registers: { 40 + 4.8 * RegisterEstimate.elements($0, rows: $0.tiling.m, columns: $0.tiling.n) },
            sharedMemory: SharedMemoryEstimate.decayGradient,
            compiled: { _ in CompiledTable.decayGradient },
            isCompiled: { $0.headDim.nextPowerOfTwo == 64 }),
        framework: SSDFramework(after: { glue in
            let (own, sums, length) = (glue.own, glue.sums, glue.shape.chunkSize)
            let layout = SumKernel.Layout(
                outputs: own.decay.allocationByteCount / 4, innerOutputs: length,
                inputs: length.dividedRoundingUp(by: glue.tiling.m), inputStride: length,
                outerStride: length.dividedRoundingUp(by: 32) * length)
            return [
                glue.sum(("ddA_tiles", own.decayByRows), layout, into: ("ddA", own.decay)),
                ElementwiseKernel.add(
                    ("ddA_next", own.decayToNext), ("ddA_prev_sums", sums.fromPrevious), into: ("addend", sums.addend)),
                ElementwiseKernel.add(("ddA", own.decay), ("addend", sums.addend), into: ("ddA", own.decay)),
            ]
        }),
        make: { call throws(KernelError) in
            ChunkScanBackwardDecay(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
