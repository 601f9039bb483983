import Trace

/// ch_scan_fwd: a chunk's output, from the state that enters it and from the chunk's own positions, with skip and gate.
///
/// Grid (tiles of chunk by head dim, batch and chunk, heads). First C times the entering states, at once for state
/// dimensions up to 128 and in a loop above; then the loop over the positions up to the tile's last row.
package struct ChunkScanForward: KernelGenerator {
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
        operands = ChunkScanOperands(frame: &frame, allocation: allocation, stateTile: geometry.stateTile, stateTrips: geometry.stateTrips)
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

    package func loadProgram(ofBlock block: Int, into program: inout BlockProgram) {
        program.removeAll()
        let place = geometry.place(ofBlock: block)
        for rowDecay in operands.rowDecay { program.append(rowDecay, geometry.rowDecayRegion(place)) }
        if let previous = operands.previousSequence, let rows = operands.rowSequence {
            program.append(previous, geometry.previousSequenceRegion(place))
            program.append(rows, geometry.rowSequenceRegion(place))
        }
        if geometry.stateTrips == 1 {
            program.append(operands.c, geometry.cRegion(place, state: 0))
            program.append(operands.previousStates, geometry.previousStatesRegion(place, state: 0))
            program.operations.append(.awaitLoads)
            program.operations.append(.barrier)
            program.append(costs.addresses)
        } else {
            statePipeline.append(trips: geometry.stateTrips, to: &program) { index, asynchronous, program in
                let state = index &* geometry.stateTile
                program.append(operands.c, geometry.cRegion(place, state: state), ifAsynchronous: asynchronous)
                program.append(
                    operands.previousStates, geometry.previousStatesRegion(place, state: state),
                    ifAsynchronous: asynchronous)
            }
            program.operations.append(.awaitLoads)
        }
        local?.appendStores(ofBlock: block, to: &program)
        pipeline.append(
            trips: geometry.trips(place), lead: geometry.stateTrips == 1 ? costs.lead : nil, to: &program
        ) { index, asynchronous, program in
            let position = index &* geometry.positionTile
            program.append(
                operands.products, geometry.productsRegion(place, position), ifAsynchronous: asynchronous)
            program.append(operands.decay, geometry.decayRegion(place, position), ifAsynchronous: asynchronous)
            program.append(operands.timeStep, geometry.timeStepRegion(place, position), ifAsynchronous: asynchronous)
            program.append(operands.x, geometry.xRegion(place, position), ifAsynchronous: asynchronous)
        }
        if let skip = operands.skip, let residual = operands.residual {
            program.append(skip, geometry.skipRegion(place))
            program.append(residual, geometry.rowTileRegion(geometry.allocation.x, place))
            program.operations.append(.awaitLoads)
        }
        if let local {
            local.appendLoads(ofBlock: block, to: &program)
            program.operations.append(.awaitLoads)
        }
        if operands.ungatedOut == nil {
            program.append(costs.stores, storing: operands.out, geometry.rowTileRegion(geometry.allocation.out, place))
            return
        }
        program.append(costs.epilogue)
        if let ungated = operands.ungatedOut, let ungatedView = geometry.allocation.ungatedOut,
            let gate = operands.gate, let gateView = geometry.allocation.z
        {
            program.append(ungated, geometry.rowTileRegion(ungatedView, place))
            program.append(gate, geometry.rowTileRegion(gateView, place))
            program.operations.append(.awaitLoads)
        }
        program.append(operands.out, geometry.rowTileRegion(geometry.allocation.out, place))
    }

    package func appendSourceOperations(ofBlock block: Int, to operations: inout [SourceOperation]) {
        let place = geometry.place(ofBlock: block)
        operations.append(operands.rowDecay[0].source(geometry.rowDecayRegion(place)))
        if let previous = operands.previousSequence, let rows = operands.rowSequence {
            operations.append(previous.source(geometry.previousSequenceRegion(place)))
            operations.append(rows.source(geometry.rowSequenceRegion(place)))
        }
        for index in 0..<geometry.stateTrips {
            let state = index * geometry.stateTile
            operations.append(operands.c.source(geometry.cRegion(place, state: state)))
            operations.append(operands.previousStates.source(geometry.previousStatesRegion(place, state: state)))
        }
        for index in 0..<geometry.trips(place) {
            let position = index * geometry.positionTile
            operations.append(operands.products.source(geometry.productsRegion(place, position)))
            operations.append(operands.decay.source(geometry.decayRegion(place, position)))
            operations.append(operands.timeStep.source(geometry.timeStepRegion(place, position)))
            operations.append(operands.x.source(geometry.xRegion(place, position)))
        }
        if let skip = operands.skip, let residual = operands.residual {
            operations.append(skip.source(geometry.skipRegion(place)))
            operations.append(residual.source(geometry.rowTileRegion(geometry.allocation.x, place)))
        }
        if let ungated = operands.ungatedOut, let ungatedView = geometry.allocation.ungatedOut,
            let gate = operands.gate, let gateView = geometry.allocation.z
        {
            operations.append(ungated.source(geometry.rowTileRegion(ungatedView, place)))
            operations.append(gate.source(geometry.rowTileRegion(gateView, place)))
        }
        operations.append(operands.out.source(geometry.rowTileRegion(geometry.allocation.out, place)))
    }
}

extension ChunkScanForward {
    /// The output: entering states and the chunk's own positions.
    package static let description = SSDKernel(
        name: "ch_scan_fwd", function: "_chunk_scan_fwd_kernel", summary: "the output: entering states and the chunk's own positions",
        pass: .forward, pipes: .both, fields: ["M", "N", "K"], candidates: Tiling.tiles + [
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
