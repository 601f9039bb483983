import Trace

/// ch_scan_ch_state_bwd_dx: the gradients of x, of the processed time step and of D.
///
/// Grid (tiles of chunk by head dim, batch and chunk, heads). First comes the product of B and the states' gradients:
/// at once for state dimensions up to 128, in a loop above. Then a loop runs over the positions from the tile's first
/// row to the chunk's end.
package struct ChunkScanStateBackwardX: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let tiles: TileGrid
    private let stateTile: Int
    private let stateTrips: Int
    private let operands: ChunkScanStateBackwardXOperands
    private let allocation: SSDAllocation
    private let gradients: SSDGradients
    private let statePipeline: SoftwarePipeline
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
            shape: shape, rows: shape.chunkSize, rowTile: tiling.m, columns: shape.headDim, columnTile: tiling.n,
            z: shape.heads)
        let wholeState = max(16, shape.stateDim.roundedUpToPowerOfTwo)
        stateTile = wholeState <= 128 ? wholeState : tiling.k
        stateTrips = wholeState <= 128 ? 1 : shape.stateDim.dividedRoundingUp(by: tiling.k)
        operands = ChunkScanStateBackwardXOperands(
            frame: &frame, allocation: allocation, gradients: gradients, stateTile: stateTile, stateTrips: stateTrips)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        statePipeline = SoftwarePipeline(
            stages: tiling.stages, operands: [operands.b, operands.states], trip: costs.prologue.share(of: stateTrips))
        pipeline = SoftwarePipeline(
            stages: tiling.stages, operands: [operands.products, operands.output, operands.decay], trip: costs.trip)
        local = frame.localMemory(grid: tiles.grid)
        launch = frame.launch(grid: tiles.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tiles.place(ofBlock: block)
        let group = place.z / shape.headsPerGroup
        let rows = min(tiling.m, place.valid - place.row)
        let columns = min(tiling.n, shape.headDim - place.column)
        func ownTile(_ view: TensorView) -> TileRegion {
            view.region(place, head: place.z, row: place.row, column: place.column, rows: rows, columns: columns)
        }
        func ownRows(_ view: TensorView, _ count: Int) -> TileRegion {
            view.region(place, head: place.z, column: place.row, columns: count)
        }
        sink.access(operands.rowDecay, ownRows(allocation.decaySums, rows))
        if Sink.isCompiled, let again = operands.rowDecayAgain {
            sink.access(again, ownRows(allocation.decaySums, rows))
        }
        sink.access(
            operands.lastDecay,
            allocation.decaySums.region(place, head: place.z, column: shape.chunkSize - 1, columns: 1))
        if let sequence = operands.sequence, let view = allocation.sequenceIndex {
            sink.access(sequence.rows, view.region(place, head: 0, column: place.row, columns: rows))
            sink.access(sequence.last, view.region(place, head: 0, column: place.valid - 1, columns: 1))
        }
        lead(place, group: group, rows: rows, columns: columns, into: &sink)
        sink.spill(local, block: block)
        sink.loop(
            pipeline, trips: max(0, place.valid - place.row).dividedRoundingUp(by: tiling.k),
            lead: stateTrips == 1 ? costs.lead : nil
        ) { index, part, sink in
            let position = place.row &+ index &* tiling.k
            let positions = min(tiling.k, place.valid - position)
            sink.access(
                operands.products,
                allocation.products.region(
                    place, head: group, row: position, column: place.row, rows: positions,
                    columns: min(tiling.m, shape.chunkSize - place.row)), in: part)
            sink.access(
                operands.output,
                gradients.output.region(
                    place, head: place.z, row: position, column: place.column, rows: positions, columns: columns),
                in: part)
            sink.access(
                operands.decay,
                allocation.decaySums.region(place, head: place.z, column: position, columns: positions), in: part)
        }
        sink.access(operands.timeStep, ownRows(allocation.processedTimeStep, rows))
        if let skip = operands.skip, let residual = operands.residual, let parameter = allocation.skip {
            let width = shape.skip == .perChannel ? columns : 1
            sink.access(residual, ownTile(gradients.output))
            sink.access(
                skip,
                parameter.region(
                    head: place.z, column: shape.skip == .perChannel ? place.column : 0, rows: 1, columns: width))
        }
        sink.awaitLoads()
        sink.reload(local, block: block)
        sink.compute(costs.stores[0])
        sink.compute(costs.stores[1])
        sink.access(operands.result, ownTile(gradients.x))
        sink.access(operands.x, ownTile(allocation.x))
        sink.awaitLoads()
        sink.compute(costs.stores[2])
        sink.compute(costs.stores[3])
        if let view = gradients.skip, let gradient = operands.skipGradient {
            let isVector = shape.skip == .perChannel
            let region = view.region(
                place, head: place.z, row: place.row / tiling.m, column: isVector ? place.column : 0,
                columns: isVector ? columns : 1)
            if isVector { sink.access(gradient, region) } else { sink.atomicAdd(gradient, region) }
        }
        sink.atomicAdd(
            operands.timeStepGradient,
            ownRows(gradients.processedTimeStep, min(tiling.m, shape.chunkSize - place.row)))
    }

    /// The leading product: B times the states' gradients.
    private func lead<Sink: OperationSink>(
        _ place: TilePlace, group: Int, rows: Int, columns: Int, into sink: inout Sink
    ) {
        func factor(_ state: Int) -> TileRegion {
            allocation.b.region(
                place, head: group, row: place.row, column: state, rows: rows,
                columns: min(stateTile, shape.stateDim - state))
        }
        func states(_ state: Int) -> TileRegion {
            gradients.states.region(
                place, head: place.z, row: place.column, column: state, rows: columns,
                columns: min(stateTile, shape.stateDim - state))
        }
        if stateTrips == 1 {
            sink.access(operands.b, factor(0))
            sink.access(operands.states, states(0))
            sink.awaitLoads()
            sink.barrier()
            sink.compute(costs.addresses)
            return
        }
        sink.loop(statePipeline, trips: stateTrips, lead: nil, hasPendingLoads: true) { index, part, sink in
            sink.access(operands.b, factor(index &* stateTile), in: part)
            sink.access(operands.states, states(index &* stateTile), in: part)
        }
        sink.awaitLoads()
    }
}

extension ChunkScanStateBackwardX {
    /// Gradients of x, of the time steps and of D.
    package static let description = SSDKernel(
        name: "ch_scan_ch_state_bwd_dx", function: "_chunk_scan_chunk_state_bwd_dx_kernel",
        summary: "gradients of x, of the time steps and of D",
        pass: .backward, pipes: .both, fields: ["M", "N", "K"], candidates: Tiling.wideTiles,
        tunedBy: [.chunk, .states, .channels],
        tuned: \.inputGradient,
        code: SSDCode(
            mix: CostModel.inputGradient,
            registers: {
                RegisterEstimate.tileKernel($0, leftBytes: 4) + 25
                    + 1.4 * RegisterEstimate.elements($0, rows: $0.tiling.m, columns: $0.tiling.k)
            },
            sharedMemory: { SharedMemoryEstimate.chunkScan($0, vectors: 1) },
            compiled: { _ in CompiledTable.inputGradient },
            isCompiled: { $0.stateDim.nextPowerOfTwo == 128 && $0.skip == .perHead }),
        framework: SSDFramework(
            // D's workspace is made with zeros, and the tuned kernel zeroes the tensors that it adds to.
            before: { glue in
                let own = glue.own
                return glue.fill("dD", own.skip) + glue.fill("ddt", own.processedTimeStep) + glue.fill("dD", own.skip)
            },
            after: { $0.skipSums() }),
        make: { call throws(KernelError) in
            ChunkScanStateBackwardX(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
