import Trace

/// ch_scan_fwd: a chunk's output, with skip and gate. It comes from the state that enters the chunk and from the
/// chunk's own positions.
///
/// Grid (tiles of chunk by head dim, batch and chunk, heads). First comes the product of C and the entering states: at
/// once for state dimensions up to 128, in a loop above. Then a loop runs over the positions up to the tile's last row.
package struct ChunkScanForward: WalkedKernel {
    package let launch: KernelLaunch
    private let geometry: ChunkScanGeometry
    private let operands: ChunkScanOperands
    private let statePipeline: SoftwarePipeline
    private let pipeline: SoftwarePipeline
    private let local: LocalMemory?
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        geometry = ChunkScanGeometry(shape: shape, tiling: tiling, allocation: allocation)
        operands = ChunkScanOperands(
            frame: &frame, allocation: allocation, stateTile: geometry.stateTile, stateTrips: geometry.stateTrips)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        statePipeline = SoftwarePipeline(
            stages: tiling.stages, operands: [operands.c, operands.previousStates],
            trip: costs.prologue.share(of: geometry.stateTrips))
        pipeline = SoftwarePipeline(
            stages: tiling.stages, operands: [operands.products, operands.decay, operands.timeStep, operands.x],
            trip: costs.trip)
        local = frame.localMemory(grid: geometry.grid)
        launch = frame.launch(grid: geometry.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = geometry.place(ofBlock: block)
        // The compiler loads a short vector once for each layout that it is used in.
        for rowDecay in Sink.isCompiled ? operands.rowDecay[...] : operands.rowDecay[..<1] {
            sink.access(rowDecay, geometry.rowDecayRegion(place))
        }
        if let previous = operands.previousSequence, let rows = operands.rowSequence {
            sink.access(previous, geometry.previousSequenceRegion(place))
            sink.access(rows, geometry.rowSequenceRegion(place))
        }
        if geometry.stateTrips == 1 {
            sink.access(operands.c, geometry.cRegion(place, state: 0))
            sink.access(operands.previousStates, geometry.previousStatesRegion(place, state: 0))
            sink.awaitLoads()
            sink.barrier()
            sink.compute(costs.addresses)
        } else {
            sink.loop(statePipeline, trips: geometry.stateTrips) { index, part, sink in
                let state = index &* geometry.stateTile
                sink.access(operands.c, geometry.cRegion(place, state: state), in: part)
                sink.access(operands.previousStates, geometry.previousStatesRegion(place, state: state), in: part)
            }
            sink.awaitLoads()
        }
        sink.spill(local, block: block)
        sink.loop(pipeline, trips: geometry.trips(place), lead: geometry.stateTrips == 1 ? costs.lead : nil) {
            index, part, sink in
            let position = index &* geometry.positionTile
            sink.access(operands.products, geometry.productsRegion(place, position), in: part)
            sink.access(operands.decay, geometry.decayRegion(place, position), in: part)
            sink.access(operands.timeStep, geometry.timeStepRegion(place, position), in: part)
            sink.access(operands.x, geometry.xRegion(place, position), in: part)
        }
        if let skip = operands.skip, let residual = operands.residual {
            sink.access(skip, geometry.skipRegion(place))
            sink.access(residual, geometry.rowTileRegion(geometry.allocation.x, place))
            sink.awaitLoads()
        }
        sink.reload(local, block: block)
        let out = geometry.rowTileRegion(geometry.allocation.out, place)
        guard let ungated = operands.ungatedOut, let ungatedView = geometry.allocation.ungatedOut,
            let gate = operands.gate,
            let gateView = geometry.allocation.z
        else {
            sink.store(operands.out, out, behind: costs.stores)
            return
        }
        sink.compute(costs.epilogue)
        sink.access(ungated, geometry.rowTileRegion(ungatedView, place))
        sink.access(gate, geometry.rowTileRegion(gateView, place))
        sink.awaitLoads()
        sink.access(operands.out, out)
    }
}

extension ChunkScanForward {
    /// The output, from the entering states and the chunk's own positions.
    package static let description = SSDKernel(
        name: "ch_scan_fwd", function: "_chunk_scan_fwd_kernel",
        measured: MeasuredNames("ch_scan_fwd", persistent: "ch_scan_fwd_persistent"),
        summary: "the output, from entering states and positions",
        pass: .forward, pipes: .both, fields: ["M", "N", "K"],
        candidates: Tiling.tiles + [
            Tiling(m: 128, n: 64, k: 64, warps: 4, stages: 4), Tiling(m: 64, n: 128, k: 64, warps: 4, stages: 4),
        ], tunedBy: [.chunk, .states, .channels],
        tuned: \.scan,
        code: SSDCode(
            mix: CostModel.chunkScanForward,
            registers: { variant in
                let decayed = RegisterEstimate.elements(variant, rows: variant.tiling.m, columns: variant.tiling.k)
                return RegisterEstimate.tileKernel(variant, leftBytes: 4) + 30 + decayed
            },
            sharedMemory: { SharedMemoryEstimate.chunkScan($0, vectors: 2) },
            compiled: { $0.shape.hasGate ? CompiledTable.scanForwardGated : CompiledTable.scanForward },
            isCompiled: { $0.stateDim.nextPowerOfTwo == 128 && $0.skip == .perHead },
            spillSavedByBatchOfOne: 8),
        make: { ChunkScanForward(tiling: $0.tiling, allocation: $0.allocation) })
}
