import Trace

/// ssd_fused: a whole forward call in one launch, whose blocks wait for each other.
///
/// The grid has one dimension. Each block takes a number, and the number gives it one of three roles. Role 1 makes the
/// time steps of a chunk. Role 2 makes a tile of C Bᵀ. Role 3, whose numbers come after all of these, handles a chunk
/// of one head: its state, the states handed on from chunk to chunk, and its output. Blocks wait only for smaller
/// numbers. *Source:* fused.md sections 3, 4 and 9.
package struct SSDFused: WalkedKernel {
    package static let kernel = "ssd_fused"

    package let launch: KernelLaunch
    package let order: FusedOrder
    private let shape: SSDShape
    private let blocks: FusedBlocks
    private let tensors: FusedTensors
    private let operands: FusedOperands
    private let steps: FusedSteps
    /// The number of states that a trip of the scan's leading product handles, and the number of its trips.
    private let leadingStates: Int
    private let leadingTrips: Int

    /// - Parameters:
    ///   - tiling: one of `FusedBlocks.tilings`, or another with one stage.
    ///   - allocation: the call's tensors.
    ///   - tensors: the tensors that the fused kernel writes.
    package init(tiling: Tiling, allocation: SSDAllocation, tensors: FusedTensors) {
        var frame = KernelFrame(
            kernel: Self.kernel, tiling: tiling, shape: allocation.shape,
            resources: FusedResources.resources(tiling: tiling, shape: allocation.shape), book: allocation.book)
        shape = frame.shape
        self.tensors = tensors
        let blocks = FusedBlocks(tiling: tiling)
        self.blocks = blocks
        order = FusedOrder(shape: shape, blocks: blocks)
        operands = FusedOperands(frame: &frame, tensors: tensors, blocks: blocks)
        steps = FusedSteps(FusedCost(shape: shape, blocks: blocks, operands: operands, warps: tiling.warps))
        let isWhole = max(16, shape.stateDim.roundedUpToPowerOfTwo) <= blocks.wholeStates
        leadingStates = isWhole ? shape.stateDim : blocks.scanStates
        leadingTrips = isWhole ? 1 : shape.stateDim.dividedRoundingUp(by: blocks.scanStates)
        launch = frame.launch(grid: Grid(x: order.blockCount))
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        sink.compute(steps.entry[0])
        if tensors.options.takesTickets {
            sink.ticket(operands.ticket, tensors.region(ofWord: tensors.ticketWord))
            sink.barrier()
        }
        sink.compute(steps.entry[1])
        switch order.work(ofBlock: block) {
        case .timeSteps(let batch, let chunk, let firstHead):
            // The block executes no product, but its code has products, and the code decides the clock.
            sink.compute(.tensorCode)
            timeSteps(batch: batch, chunk: chunk, firstHead: firstHead, into: &sink)
        case .product(let batch, let chunk, let group, let rowTile, let columnTile):
            product(batch: batch, chunk: chunk, group: group, rowTile: rowTile, columnTile: columnTile, into: &sink)
        case .chunk(let batch, let chunk, let head, let channelTile):
            let place = FusedPlace(
                batch: batch, chunk: chunk, head: head, group: head / shape.headsPerGroup, channelTile: channelTile,
                channel: channelTile * blocks.channels,
                channels: min(blocks.channels, shape.headDim - channelTile * blocks.channels),
                valid: shape.validLength(ofChunk: chunk))
            sink.compute(steps.chunkSetup)
            sink.awaitSignals(ready(batch: batch, chunk: chunk), count: order.readySignals)
            barriers(2, &sink)
            for stateTile in 0..<order.stateTiles { chunkState(place, stateTile: stateTile, into: &sink) }
            sink.compute(steps.scanSetup)
            for rowTile in 0..<order.scanTiles { scan(place, row: rowTile * blocks.scanRows, into: &sink) }
        }
    }

    private func ready(batch: Int, chunk: Int) -> FlagWord { flag(tensors.readyWord(batch: batch, chunk: chunk)) }

    private func flag(_ word: Int) -> FlagWord {
        FlagWord(word: word, operand: operands.flag, region: tensors.region(ofWord: word))
    }

    private func barriers<Sink: OperationSink>(_ count: Int, _ sink: inout Sink) {
        for _ in 0..<count { sink.barrier() }
    }

    /// What a trip does from its loads to its product. Tiles go through shared memory between two barriers.
    private func trip<Sink: OperationSink>(_ work: FusedSteps.Trip, _ sink: inout Sink) {
        sink.compute(work.ahead)
        sink.awaitLoads()
        sink.barrier()
        sink.compute(work.tiles)
        sink.barrier()
        sink.compute(work.product)
    }

    // MARK: Roles 1 and 2

    private func timeSteps<Sink: OperationSink>(batch: Int, chunk: Int, firstHead: Int, into sink: inout Sink) {
        let heads = min(blocks.heads, shape.heads - firstHead)
        func perHead(_ view: TensorView) -> TileRegion { view.region(head: firstHead, rows: 1, columns: heads) }
        func result(_ view: TensorView) -> TileRegion {
            view.region(batch: batch, chunk: chunk, head: firstHead, rows: heads, columns: shape.chunkSize)
        }
        sink.compute(steps.timeSteps[0])
        sink.access(
            operands.rawTimeStep,
            tensors.timeStep.region(
                batch: batch, chunk: chunk, head: firstHead, rows: shape.validLength(ofChunk: chunk), columns: heads))
        if let bias = operands.bias, let view = tensors.timeStepBias { sink.access(bias, perHead(view)) }
        sink.awaitLoads()
        barriers(2, &sink)
        sink.compute(steps.timeSteps[1])
        sink.access(operands.processedTimeStepOut, result(tensors.processedTimeStep))
        sink.access(operands.rate, perHead(tensors.decayRate))
        sink.awaitLoads()
        barriers(2, &sink)
        sink.compute(steps.timeSteps[2])
        barriers(2, &sink)
        sink.access(operands.decaySumsOut, result(tensors.decaySums))
        sink.compute(steps.timeSteps[3])
        sink.signal(ready(batch: batch, chunk: chunk))
    }

    private func product<Sink: OperationSink>(
        batch: Int, chunk: Int, group: Int, rowTile: Int, columnTile: Int, into sink: inout Sink
    ) {
        let row = rowTile * blocks.productRows
        let column = columnTile * blocks.productColumns
        let valid = shape.validLength(ofChunk: chunk)
        sink.compute(steps.productSetup)
        if column < row + blocks.productRows {
            func tile(_ view: TensorView, row: Int, rows: Int, state: Int) -> TileRegion {
                view.region(
                    batch: batch, chunk: chunk, head: group, row: row, column: state, rows: min(rows, valid - row),
                    columns: min(blocks.productDepth, shape.stateDim - state))
            }
            for state in stride(from: 0, to: shape.stateDim, by: blocks.productDepth) {
                sink.access(operands.productC, tile(tensors.c, row: row, rows: blocks.productRows, state: state))
                sink.access(operands.productB, tile(tensors.b, row: column, rows: blocks.productColumns, state: state))
                trip(steps.productTrip, &sink)
            }
            if let sequence = operands.sequence, let view = tensors.sequenceIndex {
                for (operand, first, rows) in [
                    (sequence.productRows, row, blocks.productRows),
                    (sequence.productColumns, column, blocks.productColumns),
                ] {
                    let own = view.region(
                        batch: batch, chunk: chunk, column: first, rows: 1, columns: min(rows, valid - first))
                    sink.access(operand, own)
                }
                sink.awaitLoads()
            }
            sink.compute(steps.productStore[0])
            barriers(2, &sink)
            sink.compute(steps.productStore[1])
            sink.access(
                operands.productsOut,
                tensors.products.region(
                    batch: batch, chunk: chunk, head: group, row: row, column: column,
                    rows: min(blocks.productRows, shape.chunkSize - row),
                    columns: min(blocks.productColumns, shape.chunkSize - column)))
        }
        sink.compute(steps.release)
        sink.signal(ready(batch: batch, chunk: chunk))
    }

    // MARK: Role 3

    /// Computes the chunk's own state for one tile of states, and hands the states of all chunks so far on to the next
    /// chunk.
    private func chunkState<Sink: OperationSink>(_ place: FusedPlace, stateTile: Int, into sink: inout Sink) {
        let state = stateTile * blocks.states
        let width = min(blocks.states, shape.stateDim - state)
        let last = place.values(tensors.decaySums, from: shape.chunkSize - 1, 1)
        sink.compute(steps.stateFrame[0])
        sink.access(operands.lastDecay, last)
        index(place, place.valid - 1, into: &sink)
        for position in stride(from: 0, to: place.valid, by: blocks.positions) {
            let count = min(blocks.positions, place.valid - position)
            sink.access(operands.stateX, place.channels(tensors.x, row: position, rows: count))
            sink.access(
                operands.stateB,
                tensors.b.region(
                    batch: place.batch, chunk: place.chunk, head: place.group, row: position, column: state,
                    rows: count,
                    columns: width))
            sink.access(operands.stateDecay, place.values(tensors.decaySums, from: position, count))
            if let sequence = operands.sequence, let view = tensors.sequenceIndex {
                sink.access(sequence.statePositions, place.indices(view, from: position, count))
            }
            sink.access(operands.stateTimeStep, place.values(tensors.processedTimeStep, from: position, count))
            trip(steps.stateTrip, &sink)
        }
        sink.compute(steps.stateFrame[1])
        // The compiler keeps the chunk's last decay sum from before the loop.
        if !Sink.isCompiled { sink.access(operands.lastDecay, last) }
        index(place, -1, into: &sink)
        index(place, place.valid - 1, into: &sink)
        sink.compute(steps.chainPoll)
        let chain = flag(
            tensors.chainWord(
                batch: place.batch, head: place.head, channelTile: place.channelTile, stateTile: stateTile))
        sink.awaitSignals(chain, count: place.chunk)
        barriers(2, &sink)
        sink.access(operands.states, place.states(tensors.states, row: 0, from: state, width))
        sink.compute(steps.statePassing[0])
        sink.awaitLoads()
        barriers(2, &sink)
        sink.compute(steps.statePassing[1])
        barriers(2, &sink)
        sink.compute(steps.statePassing[2])
        sink.access(operands.statesOut, place.states(tensors.states, row: 1, from: state, width))
        sink.compute(steps.stateRelease)
        sink.signal(chain)
    }

    /// `count` sequence indices, from `position` places behind the chunk's first.
    private func index<Sink: OperationSink>(_ place: FusedPlace, _ position: Int, count: Int = 1, into sink: inout Sink)
    {
        guard let sequence = operands.sequence, let view = tensors.sequenceIndex else { return }
        sink.access(sequence.scalar, place.indices(view, from: position, count))
    }

    /// The output of a row block. A row block that lies wholly behind the chunk's end is executed too.
    private func scan<Sink: OperationSink>(_ place: FusedPlace, row: Int, into sink: inout Sink) {
        let rows = min(blocks.scanRows, place.valid - row)
        let chunkRows = min(blocks.scanRows, shape.chunkSize - row)
        for operand in operands.rowDecay.prefix(Sink.isCompiled ? 2 : 1) {
            sink.access(operand, place.values(tensors.decaySums, from: row, chunkRows))
        }
        if let sequence = operands.sequence, let view = tensors.sequenceIndex {
            index(place, -1, count: place.chunk > 0 ? 1 : 0, into: &sink)
            sink.access(sequence.scanRows, place.indices(view, from: row, rows))
        }
        sink.compute(steps.rowDecay)
        for index in 0..<leadingTrips {
            let state = index * leadingStates
            let width = min(leadingStates, shape.stateDim - state)
            sink.access(
                operands.scanC,
                tensors.c.region(
                    batch: place.batch, chunk: place.chunk, head: place.group, row: row, column: state, rows: rows,
                    columns: width))
            sink.access(operands.scanStates, place.states(tensors.states, row: 0, from: state, width))
            trip(steps.leadingTrip, &sink)
        }
        for position in stride(from: 0, to: min(row + blocks.scanRows, place.valid), by: blocks.scanColumns) {
            let columns = min(blocks.scanColumns, shape.chunkSize - position)
            sink.access(
                operands.scanProducts,
                tensors.products.region(
                    batch: place.batch, chunk: place.chunk, head: place.group, row: row, column: position,
                    rows: chunkRows,
                    columns: columns))
            sink.access(operands.scanDecay, place.values(tensors.decaySums, from: position, columns))
            sink.access(operands.scanTimeStep, place.values(tensors.processedTimeStep, from: position, columns))
            sink.access(
                operands.scanX,
                place.channels(tensors.x, row: position, rows: min(blocks.scanColumns, place.valid - position)))
            trip(steps.scanTrip, &sink)
        }
        store(place, row: row, rows: rows, into: &sink)
    }

    /// Skip connection, gate and store of a row block.
    private func store<Sink: OperationSink>(_ place: FusedPlace, row: Int, rows: Int, into sink: inout Sink) {
        if let skip = operands.skip, let residual = operands.residual, let view = tensors.skip {
            let isRow = shape.skip == .perChannel
            sink.access(
                skip,
                view.region(
                    head: place.head, column: isRow ? place.channel : 0, rows: 1, columns: isRow ? place.channels : 1))
            sink.access(residual, place.channels(tensors.x, row: row, rows: rows))
        }
        sink.compute(steps.rowStore[0])
        sink.awaitLoads()
        barriers(2, &sink)
        sink.compute(steps.rowStore[1])
        if let ungatedOut = operands.ungatedOut, let outView = tensors.ungatedOut,
            let gate = operands.gate, let gateView = tensors.z
        {
            sink.access(ungatedOut, place.channels(outView, row: row, rows: rows))
            sink.access(gate, place.channels(gateView, row: row, rows: rows))
            sink.awaitLoads()
        }
        barriers(2, &sink)
        sink.compute(steps.rowStore[2])
        sink.access(operands.out, place.channels(tensors.out, row: row, rows: rows))
    }
}

/// Where one block of role 3 works.
private struct FusedPlace {
    let batch: Int
    let chunk: Int
    let head: Int
    let group: Int
    let channelTile: Int
    /// The first head channel, and the number of channels in the tile.
    let channel: Int
    let channels: Int
    /// Valid positions of the chunk.
    let valid: Int

    /// `rows` positions of the tile's channels.
    func channels(_ view: TensorView, row: Int, rows: Int) -> TileRegion {
        view.region(batch: batch, chunk: chunk, head: head, row: row, column: channel, rows: rows, columns: channels)
    }

    /// A run of values inside the chunk and head.
    func values(_ view: TensorView, from position: Int, _ count: Int) -> TileRegion {
        view.region(batch: batch, chunk: chunk, head: head, column: position, rows: 1, columns: count)
    }

    /// A run of sequence indices.
    func indices(_ view: TensorView, from position: Int, _ count: Int) -> TileRegion {
        view.region(batch: batch, chunk: chunk, column: position, rows: 1, columns: count)
    }

    /// A tile of states from `states`, `row` rows behind the row that enters this chunk.
    func states(_ view: TensorView, row: Int, from state: Int, _ width: Int) -> TileRegion {
        view.region(
            batch: batch, chunk: chunk + row, head: head, row: channel, column: state, rows: channels, columns: width)
    }
}
