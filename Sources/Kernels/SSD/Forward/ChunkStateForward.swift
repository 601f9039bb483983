import Trace

/// ch_state_fwd: the state that each chunk adds. It is x transposed times B, where B is scaled by the decay up to the
/// chunk's end.
///
/// Grid (tiles of head dim by state dim, batch and chunk, heads). The product runs over the chunk's valid positions.
package struct ChunkStateForward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let allocation: SSDAllocation
    private let columnTiles: Int
    private let sequenceView: TensorView?
    private let x: Operand
    private let b: Operand
    private let states: Operand
    private let timeStep: Operand
    private let decay: Operand
    private let lastDecay: Operand
    private let sequence: Operand?
    private let lastSequence: Operand?
    private let pipeline: SoftwarePipeline
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        self.allocation = allocation
        sequenceView = allocation.sequenceIndex
        columnTiles = shape.stateDim.dividedRoundingUp(by: tiling.n)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let positionMask = ArgumentAlignment.maskElements(limits: [shape.sequenceLength, shape.chunkSize])
        let elementBytes = shape.elementType.byteCount

        let xAlignment = frame.positionAlignment(of: allocation.x)
        let xLayout = BlockedLayout.coalesced(
            rows: tiling.k, columns: tiling.m, alignment: xAlignment, elementBytes: elementBytes, warps: tiling.warps)
        x = .pipelined(
            tensor: frame.add("x", allocation.x), elementBytes: elementBytes,
            requests: xLayout.requests(
                elementBytes: elementBytes,
                vector: min(
                    xAlignment, ArgumentAlignment.maskElements(limits: [shape.headDim]),
                    tiling.stages > 1
                        ? AccumulatorLayout.crosswiseElements(
                            rows: tiling.m, warps: tiling.warps, elementBytes: elementBytes) : 16)),
            pitchBytes: allocation.x.rowStride * elementBytes, stages: tiling.stages)

        let stateMask = ArgumentAlignment.maskElements(limits: [shape.stateDim])
        let bAlignment = frame.positionAlignment(of: allocation.b)
        let bLayout = BlockedLayout.coalesced(
            rows: tiling.k, columns: tiling.n, alignment: bAlignment, elementBytes: elementBytes, warps: tiling.warps)
        b = .pipelined(
            tensor: frame.add("b", allocation.b), elementBytes: elementBytes,
            requests: bLayout.requests(elementBytes: elementBytes, vector: min(bAlignment, stateMask)),
            pitchBytes: allocation.b.rowStride * elementBytes, stages: tiling.stages)

        let stateView = allocation.states
        let stateAlignment = frame.tileAlignment(of: stateView)
        states = .store(
            tensor: frame.add("states", stateView), elementBytes: 4,
            requests: BlockedLayout.coalesced(
                rows: tiling.m, columns: tiling.n, alignment: stateAlignment, elementBytes: 4, warps: tiling.warps
            ).requests(elementBytes: 4, vector: min(stateAlignment, stateMask)),
            pitchBytes: stateView.rowStride * 4)

        // The factors of each position scale B, so short vectors of factors take the layout of B's rows.
        func perPosition(_ name: String, _ view: TensorView) -> Operand {
            let alignment = frame.chunkAlignment(of: view)
            return .pipelined(
                tensor: frame.add(name, view), elementBytes: 4,
                requests: frame.vectorRequests(
                    length: tiling.k, elementBytes: 4, alignment: alignment, mask: positionMask,
                    short: bLayout.rowSliceRequests(elementBytes: 4, vector: min(alignment, positionMask))),
                stages: tiling.stages)
        }
        let sums = allocation.decaySums
        let scalar = RequestShape.scalar(elementBytes: 4, warps: tiling.warps)
        timeStep = perPosition("dt", allocation.processedTimeStep)
        decay = perPosition("dA_cumsum", sums)
        lastDecay = Operand(kind: .load, tensor: decay.tensor, elementBytes: 4, requests: scalar)
        if let view = sequenceView {
            let operand = perPosition("seq_idx", view)
            sequence = operand
            lastSequence = Operand(kind: .load, tensor: operand.tensor, elementBytes: 4, requests: scalar)
        } else {
            sequence = nil
            lastSequence = nil
        }
        pipeline = SoftwarePipeline(
            stages: tiling.stages, operands: [x, b, decay, timeStep] + (sequence.map { [$0] } ?? []), trip: costs.trip)
        launch = frame.launch(
            grid: Grid(
                x: shape.headDim.dividedRoundingUp(by: tiling.m) * columnTiles, y: shape.batch * shape.chunkCount,
                z: shape.heads))
    }

    /// Where one block works.
    private struct Place {
        var batch: Int
        var chunk: Int
        var head: Int
        var group: Int
        var firstRow: Int
        var firstColumn: Int
        var valid: Int
    }

    private func place(ofBlock block: Int) -> Place {
        let (tile, batchAndChunk, head) = launch.grid.coordinates(of: block)
        let chunk = batchAndChunk / shape.batch
        return Place(
            batch: batchAndChunk % shape.batch, chunk: chunk, head: head, group: head / shape.headsPerGroup,
            firstRow: tile / columnTiles * tiling.m, firstColumn: tile % columnTiles * tiling.n,
            valid: shape.validLength(ofChunk: chunk))
    }

    @inline(__always)
    private func xRegion(_ place: Place, _ position: Int) -> TileRegion {
        allocation.x.region(
            batch: place.batch, chunk: place.chunk, head: place.head, row: position, column: place.firstRow,
            rows: min(tiling.k, place.valid - position), columns: min(tiling.m, shape.headDim - place.firstRow))
    }

    @inline(__always)
    private func bRegion(_ place: Place, _ position: Int) -> TileRegion {
        allocation.b.region(
            batch: place.batch, chunk: place.chunk, head: place.group, row: position, column: place.firstColumn,
            rows: min(tiling.k, place.valid - position), columns: min(tiling.n, shape.stateDim - place.firstColumn))
    }

    @inline(__always)
    private func perPositionRegion(_ view: TensorView, _ place: Place, _ position: Int) -> TileRegion {
        view.region(
            batch: place.batch, chunk: place.chunk, head: place.head, column: position, rows: 1,
            columns: min(tiling.k, place.valid - position))
    }

    private func lastDecayRegion(_ place: Place) -> TileRegion {
        allocation.decaySums.region(
            batch: place.batch, chunk: place.chunk, head: place.head, column: shape.chunkSize - 1, rows: 1, columns: 1)
    }

    private func lastSequenceRegion(_ view: TensorView, _ place: Place) -> TileRegion {
        view.region(batch: place.batch, chunk: place.chunk, column: place.valid - 1, rows: 1, columns: 1)
    }

    private func statesRegion(_ place: Place) -> TileRegion {
        allocation.states.region(
            batch: place.batch, chunk: place.chunk, head: place.head, row: place.firstRow, column: place.firstColumn,
            rows: min(tiling.m, shape.headDim - place.firstRow),
            columns: min(tiling.n, shape.stateDim - place.firstColumn))
    }

    private func trips(_ place: Place) -> Int { place.valid.dividedRoundingUp(by: tiling.k) }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = place(ofBlock: block)
        sink.compute(costs.addresses)
        sink.access(lastDecay, lastDecayRegion(place))
        if let lastSequence, let sequenceView { sink.access(lastSequence, lastSequenceRegion(sequenceView, place)) }
        sink.loop(pipeline, trips: trips(place), lead: costs.lead, hasPendingLoads: true) { index, part, sink in
            let position = index &* tiling.k
            sink.access(x, xRegion(place, position), in: part)
            sink.access(b, bRegion(place, position), in: part)
            sink.access(decay, perPositionRegion(allocation.decaySums, place, position), in: part)
            if let sequence, let sequenceView {
                sink.access(sequence, perPositionRegion(sequenceView, place, position), in: part)
            }
            sink.access(timeStep, perPositionRegion(allocation.processedTimeStep, place, position), in: part)
        }
        sink.store(states, statesRegion(place), behind: costs.stores)
    }
}

extension ChunkStateForward {
    /// The state that each chunk adds.
    package static let description = SSDKernel(
        name: "ch_state_fwd", function: "_chunk_state_fwd_kernel", summary: "the state that each chunk adds",
        pass: .forward, pipes: .both, fields: ["M", "N", "K"], candidates: Tiling.tiles,
        tunedBy: [.chunk, .states, .channels],
        tuned: \.state,
        code: SSDCode(
            mix: CostModel.chunkStateForward,
            registers: { variant in
                let rows = TileGeometry(warps: variant.tiling.warps).rowsPerThread(
                    rows: variant.tiling.k, columns: variant.tiling.n, bytes: variant.shape.elementType.byteCount)
                return RegisterEstimate.tileKernel(variant) + 7 * rows
            },
            sharedMemory: SharedMemoryEstimate.chunkState,
            compiled: { _ in CompiledTable.stateForward }),
        make: { ChunkStateForward(tiling: $0.tiling, allocation: $0.allocation) })
}
