import Trace

/// ch_scan_bwd_dstates: the gradient of the states that enter a chunk. It is dout transposed times C scaled by the
/// decay.
///
/// Grid (tiles of head dim by state dim, batch and chunk, heads). The product runs over the chunk's valid positions.
package struct ChunkScanBackwardStates: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let tiles: TileGrid
    private let allocation: SSDAllocation
    private let gradients: SSDGradients
    private let output: Operand
    private let decay: Operand
    private let c: Operand
    private let states: Operand
    private let sequence: Operand?
    private let previousSequence: Operand?
    private let pipeline: SoftwarePipeline
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        self.allocation = allocation
        self.gradients = gradients
        tiles = TileGrid(
            shape: shape, rows: shape.headDim, rowTile: tiling.m, columns: shape.stateDim, columnTile: tiling.n,
            z: shape.heads)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let bytes = shape.elementType.byteCount
        output = frame.tile(
            "dout", gradients.output, .pipelined, rows: tiling.k, columns: tiling.m, mask: frame.channelMask)
        c = frame.tile(
            "c", allocation.c, .pipelined, rows: tiling.k, columns: tiling.n, mask: frame.stateMask,
            crosswise: AccumulatorLayout.crosswiseElements(rows: tiling.m, warps: tiling.warps, elementBytes: bytes))
        states = frame.tile(
            "dprev_states", gradients.previousStates, .store, rows: tiling.m, columns: tiling.n, mask: frame.stateMask)
        // The factors scale dout, so short vectors of factors take the layout of its rows.
        let layout = BlockedLayout.coalesced(
            rows: tiling.k, columns: tiling.m, alignment: frame.tileAlignment(of: gradients.output),
            elementBytes: bytes,
            warps: tiling.warps)
        func perPosition(_ name: String, _ view: TensorView, mask: Int, frame: inout KernelFrame) -> Operand {
            frame.vector(
                name, view, .pipelined, length: tiling.k, mask: mask,
                short: layout.rowSliceRequests(elementBytes: 4, vector: min(frame.chunkAlignment(of: view), mask)))
        }
        decay = perPosition("dA_cumsum", allocation.decaySums, mask: frame.chunkMask, frame: &frame)
        if let view = allocation.sequenceIndex {
            sequence = perPosition("seq_idx", view, mask: frame.positionMask, frame: &frame)
            previousSequence = frame.scalar("seq_idx", view)
        } else {
            (sequence, previousSequence) = (nil, nil)
        }
        pipeline = SoftwarePipeline(
            stages: tiling.stages, operands: [output, decay, c] + (sequence.map { [$0] } ?? []), trip: costs.trip)
        launch = frame.launch(grid: tiles.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tiles.place(ofBlock: block)
        let group = place.z / shape.headsPerGroup
        sink.compute(costs.addresses)
        if let previousSequence, let view = allocation.sequenceIndex {
            sink.access(previousSequence, view.region(place, head: 0, column: -1, columns: place.chunk > 0 ? 1 : 0))
        }
        sink.loop(
            pipeline, trips: place.valid.dividedRoundingUp(by: tiling.k), lead: costs.lead,
            hasPendingLoads: previousSequence != nil
        ) { index, part, sink in
            let position = index &* tiling.k
            let valid = min(tiling.k, place.valid - position)
            sink.access(
                output,
                gradients.output.region(
                    place, head: place.z, row: position, column: place.row, rows: valid,
                    columns: min(tiling.m, shape.headDim - place.row)), in: part)
            sink.access(
                decay,
                allocation.decaySums.region(
                    place, head: place.z, column: position, columns: min(tiling.k, shape.chunkSize - position)),
                in: part)
            if let sequence, let view = allocation.sequenceIndex {
                sink.access(sequence, view.region(place, head: 0, column: position, columns: valid), in: part)
            }
            sink.access(
                c,
                allocation.c.region(
                    place, head: group, row: position, column: place.column, rows: valid,
                    columns: min(tiling.n, shape.stateDim - place.column)), in: part)
        }
        sink.store(
            states,
            gradients.previousStates.region(
                place, head: place.z, row: place.row, column: place.column,
                rows: min(tiling.m, shape.headDim - place.row),
                columns: min(tiling.n, shape.stateDim - place.column)), behind: costs.stores)
    }
}

extension ChunkScanBackwardStates {
    /// Gradients of the entering states, as far as they come from the output.
    package static let description = SSDKernel(
        name: "ch_scan_bwd_dstates", function: "_chunk_scan_bwd_dstates_kernel",
        summary: "gradients of entering states, from the output",
        pass: .backward, pipes: .both, fields: ["M", "N", "K"], candidates: Tiling.tiles,
        tunedBy: [.chunk, .states, .channels],
        tuned: \.state,
        code: SSDCode(
            mix: CostModel.stateGradient,
            registers: { RegisterEstimate.tileKernel($0) + 20 },
            sharedMemory: SharedMemoryEstimate.stateGradient,
            compiled: { _ in CompiledTable.stateGradient }),
        make: { call throws(KernelError) in
            ChunkScanBackwardStates(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
