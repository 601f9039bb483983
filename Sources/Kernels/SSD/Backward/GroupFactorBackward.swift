import Trace

/// ch_state_bwd_db and ch_scan_bwd_dc: what the states contribute to the gradients of B and of C.
///
/// Grid (tiles of chunk by state dim, batch and chunk, head splits and groups). A program loops over its share of the
/// group's heads. Each head has one product of depth head dim, whose row sums are added to the decay sums' gradient by
/// atomics.
package struct GroupFactorBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let which: ProductFactor
    private let shape: SSDShape
    private let tiling: Tiling
    private let tiles: TileGrid
    private let allocation: SSDAllocation
    private let positionsView: TensorView
    private let statesView: TensorView
    private let factorView: TensorView
    private let resultView: TensorView
    private let decayView: TensorView
    private let factor: Operand
    private let sequence: (scalar: Operand, rows: Operand)?
    private let positions: Operand
    private let states: Operand
    private let lastDecay: Operand
    private let rowDecay: Operand
    private let timeStep: Operand?
    private let decayGradient: Operand
    private let result: Operand
    private let pipeline: SoftwarePipeline
    private let costs: StageCosts

    /// - Parameter factor: `.b` makes ch_state_bwd_db, `.c` makes ch_scan_bwd_dc.
    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients, factor which: ProductFactor) {
        let kernel = which == .b ? Self.descriptionOfB : Self.descriptionOfC
        var frame = KernelFrame(kernel, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        self.which = which
        self.shape = shape
        self.tiling = tiling
        self.allocation = allocation
        tiles = TileGrid(
            shape: shape, rows: shape.chunkSize, rowTile: tiling.m, columns: shape.stateDim, columnTile: tiling.n,
            z: shape.headSplits * shape.groups)
        positionsView = which == .b ? allocation.x : gradients.output
        statesView = which == .b ? gradients.states : gradients.convertedStates ?? allocation.previousStates
        factorView = which == .b ? allocation.b : allocation.c
        resultView = which == .b ? gradients.splitB : gradients.splitC
        decayView = which == .b ? gradients.decayToNext : gradients.decayFromPrevious
        costs = kernel.costs(tiling: tiling, allocation: allocation)
        let depth = max(16, shape.headDim.roundedUpToPowerOfTwo)
        let accumulatorRows = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps)
            .rowSliceRequests(elementBytes: 4)
        func perRow(_ name: String, _ view: TensorView, mask: Int, frame: inout KernelFrame) -> Operand {
            frame.vector(name, view, .load, length: tiling.m, mask: mask, short: accumulatorRows)
        }
        positions = frame.tile(
            which == .b ? "x" : "dout", positionsView, .pipelined, rows: tiling.m, columns: depth,
            mask: frame.channelMask)
        states = frame.tile(
            which == .b ? "dstates" : "prev_states", statesView, .pipelined, rows: depth, columns: tiling.n,
            mask: frame.stateMask,
            crosswise: AccumulatorLayout.crosswiseElements(
                rows: tiling.m, warps: tiling.warps, elementBytes: statesView.elementType.byteCount))
        factor = frame.tile(
            which == .b ? "b" : "C", factorView, .load, rows: tiling.m, columns: tiling.n, mask: frame.stateMask)
        if which == .b {
            timeStep = perRow("dt", allocation.processedTimeStep, mask: frame.chunkMask, frame: &frame)
        } else {
            timeStep = nil
        }
        rowDecay = perRow(
            "dA_cumsum", allocation.decaySums, mask: which == .b ? frame.chunkMask : frame.positionMask, frame: &frame)
        lastDecay = frame.scalar("dA_cumsum", allocation.decaySums)
        if let view = allocation.sequenceIndex {
            sequence = (
                frame.scalar("seq_idx", view), perRow("seq_idx", view, mask: frame.positionMask, frame: &frame)
            )
        } else {
            sequence = nil
        }
        result = frame.tile(
            which == .b ? "db" : "dc", resultView, .store, rows: tiling.m, columns: tiling.n, mask: frame.stateMask)
        decayGradient = frame.atomicVector("ddA_cumsum", decayView)
        pipeline = SoftwarePipeline(stages: tiling.stages, operands: [positions, states, rowDecay], trip: costs.trip)
        launch = frame.launch(grid: tiles.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tiles.place(ofBlock: block)
        let heads = shape.heads(ofProgram: place.z)
        let rows = min(tiling.m, place.valid - place.row)
        let columns = min(tiling.n, shape.stateDim - place.column)
        sink.compute(costs.addresses)
        sink.access(
            factor,
            factorView.region(
                place, head: place.z % shape.groups, row: place.row, column: place.column, rows: rows, columns: columns)
        )
        loadSequence(place, rows: rows, into: &sink)
        sink.loop(
            pipeline, trips: heads.count, lead: costs.lead, hasPendingLoads: true
        ) { index, part, sink in
            let head = heads.lowerBound + index
            sink.access(
                positions,
                positionsView.region(place, head: head, row: place.row, rows: rows, columns: shape.headDim), in: part)
            sink.access(
                states,
                statesView.region(place, head: head, column: place.column, rows: shape.headDim, columns: columns),
                in: part)
            if which == .b {
                sink.access(
                    lastDecay, allocation.decaySums.region(place, head: head, column: shape.chunkSize - 1, columns: 1),
                    in: part)
            }
            let limit = which == .b ? shape.chunkSize : place.valid
            sink.access(
                rowDecay,
                allocation.decaySums.region(
                    place, head: head, column: place.row, columns: min(tiling.m, limit - place.row)), in: part)
            if let timeStep {
                sink.access(
                    timeStep,
                    allocation.processedTimeStep.region(
                        place, head: head, column: place.row, columns: min(tiling.m, shape.chunkSize - place.row)),
                    in: part)
            }
        } finish: { index, sink in
            // B's part belongs to the decay up to the next position.
            let shift = which == .b ? 1 : 0
            sink.atomicAdd(
                decayGradient,
                decayView.region(
                    place, head: heads.lowerBound + index, column: place.row + shift,
                    columns: min(tiling.m, shape.chunkSize - shift - place.row)))
        }
        sink.store(
            result,
            resultView.region(
                place, head: place.z, row: place.row, column: place.column, rows: rows, columns: columns),
            behind: costs.stores)
    }

    private func loadSequence<Sink: OperationSink>(_ place: TilePlace, rows: Int, into sink: inout Sink) {
        guard let sequence, let view = allocation.sequenceIndex else { return }
        let own = view.region(place, head: 0, column: place.row, columns: rows)
        if which == .b {
            sink.access(sequence.rows, own)
            sink.access(sequence.scalar, view.region(place, head: 0, column: place.valid - 1, columns: 1))
        } else {
            sink.access(sequence.scalar, view.region(place, head: 0, column: -1, columns: place.chunk > 0 ? 1 : 0))
            sink.access(sequence.rows, own)
        }
    }
}

extension SSDShape {
    /// Heads of program `z` in the kernels that loop over heads. Groups vary faster than splits.
    func heads(ofProgram z: Int) -> Range<Int> {
        let first = z % groups * headsPerGroup + z / groups * headsPerProgram
        return first..<min(first + headsPerProgram, (z % groups + 1) * headsPerGroup)
    }
}

extension GroupFactorBackward {
    /// Gradients of B, through the states.
    package static let descriptionOfB = SSDKernel(
        name: "ch_state_bwd_db", function: "_chunk_state_bwd_db_kernel", summary: "gradients of B, through the states",
        pass: .backward, pipes: .both, fields: ["M", "N"], candidates: Tiling.headLoops,
        tunedBy: [.chunk, .states, .channels],
        tuned: \.factorB,
        code: SSDCode(
            mix: CostModel.headProductGradient,
            registers: { RegisterEstimate.headProduct($0, perAccumulator: 1.8) },
            sharedMemory: { SharedMemoryEstimate.headTiles($0) + SharedMemoryEstimate.rowSums($0) },
            compiled: { _ in CompiledTable.factorB },
            isCompiled: { $0.headDim.nextPowerOfTwo == 64 }),
        framework: SSDFramework(
            before: { $0.fill("ddA_next", $0.own.decayToNext) },
            after: { glue in
                let running = ("ddA_next", glue.own.decayToNext)
                return [
                    glue.splits(
                        ("dB_splits", glue.own.splitB), into: ("dB", glue.own.summedB),
                        inner: glue.shape.groups * glue.shape.stateDim),
                    CumulativeSumKernel(running, rowElements: glue.shape.chunkSize, into: running),
                ]
            }),
        make: { call throws(KernelError) in
            GroupFactorBackward(
                tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients(), factor: .b)
        })
}

extension GroupFactorBackward {
    /// Gradients of C, through the states.
    package static let descriptionOfC = SSDKernel(
        name: "ch_scan_bwd_dc", function: "_chunk_scan_bwd_dc_kernel", summary: "gradients of C, through the states",
        pass: .backward, pipes: .both, fields: ["M", "N"], candidates: Tiling.headLoops,
        tunedBy: [.chunk, .states, .channels],
        tuned: \.factorC,
        code: SSDCode(
            mix: CostModel.headProductGradient,
            registers: { RegisterEstimate.headProduct($0, perAccumulator: 1.8) },
            sharedMemory: { SharedMemoryEstimate.headTiles($0) + SharedMemoryEstimate.rowSums($0) },
            compiled: { _ in CompiledTable.factorC },
            isCompiled: { $0.headDim.nextPowerOfTwo == 64 }),
        framework: SSDFramework(
            before: { $0.fill("ddA_prev", $0.own.decayFromPrevious) },
            after: { glue in
                [
                    glue.splits(
                        ("dC_splits", glue.own.splitC), into: ("dC", glue.own.summedC),
                        inner: glue.shape.groups * glue.shape.stateDim)
                ]
            }),
        make: { call throws(KernelError) in
            GroupFactorBackward(
                tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients(), factor: .c)
        })
}
