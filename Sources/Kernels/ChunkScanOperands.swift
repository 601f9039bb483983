import Trace

/// The tensor arguments of ch_scan_fwd with the layouts that the compiler gives them.
struct ChunkScanOperands {
    /// dA_cs of the tile's rows: one load, or two in different layouts where the vector is short.
    let rowDecay: [Operand]
    let previousSequence: Operand?
    let rowSequence: Operand?
    let c: Operand
    let previousStates: Operand
    let products: Operand
    let decay: Operand
    let timeStep: Operand
    let x: Operand
    let skip: Operand?
    let residual: Operand?
    let ungatedOut: Operand?
    let gate: Operand?
    let out: Operand

    /// - Parameters:
    ///   - stateTile: state columns of a trip of the leading product.
    ///   - stateTrips: its trips; more than one makes its loads pipelined.
    init(frame: inout KernelFrame, stateTile: Int, stateTrips: Int) {
        let shape = frame.shape
        let tiling = frame.tiling
        let allocation = frame.allocation
        let elementBytes = shape.elementType.byteCount
        let stages = tiling.stages
        let accumulator = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps, isChained: true)
        let channelMask = ArgumentAlignment.maskElements(limits: [shape.headDim])
        let stateMask = ArgumentAlignment.maskElements(limits: [shape.stateDim])
        let chunkMask = ArgumentAlignment.maskElements(limits: [shape.chunkSize])

        // The loop's tiles.
        let productAlignment = frame.alignment(of: allocation.products, strides: allocation.products.tileStrides)
        let productLayout = BlockedLayout.coalesced(
            rows: tiling.m, columns: tiling.k, alignment: productAlignment, elementBytes: 4, warps: tiling.warps)
        products = .pipelined(
            tensor: frame.add("cb", allocation.products), elementBytes: 4,
            requests: productLayout.requests(elementBytes: 4, vector: min(productAlignment, chunkMask)),
            pitchBytes: allocation.products.rowStride * 4, stages: stages)
        let xAlignment = frame.alignment(of: allocation.x, strides: allocation.x.positionStrides)
        let xLayout = BlockedLayout.coalesced(
            rows: tiling.k, columns: tiling.n, alignment: xAlignment, elementBytes: elementBytes, warps: tiling.warps)
        x = .pipelined(
            tensor: frame.add("x", allocation.x), elementBytes: elementBytes,
            requests: xLayout.requests(elementBytes: elementBytes, vector: min(xAlignment, channelMask)),
            pitchBytes: allocation.x.rowStride * elementBytes, stages: stages)

        // Tiles of the block's own rows: connected loads take the widest run that any of them allows, stores their own.
        let rowViews = [shape.skip == .none ? nil : allocation.x, allocation.z, allocation.ungatedOut, allocation.out]
            .compactMap { $0 }
        let widest = rowViews.map { frame.alignment(of: $0, strides: $0.positionStrides) }.max() ?? 1
        let ownTile = frame
        func rowRequests(_ view: TensorView, layoutAlignment: Int) -> RequestShape {
            let alignment = ownTile.alignment(of: view, strides: view.positionStrides)
            return BlockedLayout.coalesced(
                rows: tiling.m, columns: tiling.n, alignment: layoutAlignment, elementBytes: elementBytes,
                warps: tiling.warps
            ).requests(elementBytes: elementBytes, vector: min(alignment, channelMask))
        }
        func rowStore(_ name: String, _ view: TensorView) -> Operand {
            .store(
                tensor: frame.add(name, view), elementBytes: elementBytes,
                requests: rowRequests(
                    view, layoutAlignment: ownTile.alignment(of: view, strides: view.positionStrides)),
                pitchBytes: view.rowStride * elementBytes)
        }
        gate = allocation.z.map { view in
            Operand(
                kind: .load, tensor: frame.add("z", view), elementBytes: elementBytes,
                requests: rowRequests(view, layoutAlignment: widest), pitchBytes: view.rowStride * elementBytes)
        }
        out = rowStore("out", allocation.out)
        ungatedOut = allocation.ungatedOut.map { rowStore("out_x", $0) }

        // Vectors along the chunk.
        let timeStepTensor = frame.add("dt", allocation.processedTimeStep)
        let decayTensor = frame.add("dA_cumsum", allocation.decaySums)
        let vectorAlignment = frame.alignment(of: allocation.decaySums, strides: allocation.decaySums.chunkStrides)
        let vectorFrame = frame
        func perPosition(_ tensor: Int) -> Operand {
            .pipelined(
                tensor: tensor, elementBytes: 4,
                requests: vectorFrame.vectorRequests(
                    length: tiling.k, elementBytes: 4, alignment: vectorAlignment, mask: chunkMask,
                    short: productLayout.columnSliceRequests(
                        elementBytes: 4, vector: min(vectorAlignment, chunkMask))),
                stages: stages)
        }
        timeStep = perPosition(timeStepTensor)
        decay = perPosition(decayTensor)
        let accumulatorRows = accumulator.rowSliceRequests(elementBytes: 4)
        let rowRequest = frame.vectorRequests(
            length: tiling.m, elementBytes: 4, alignment: vectorAlignment, mask: chunkMask, short: accumulatorRows)
        let duplicates = tiling.m < tiling.threads ? [productLayout.rowSliceRequests(elementBytes: 4)] : []
        rowDecay = ([rowRequest] + duplicates).map {
            Operand(kind: .load, tensor: decayTensor, elementBytes: 4, requests: $0)
        }
        if let view = allocation.sequenceIndex {
            let tensor = frame.add("seq_idx", view)
            previousSequence = Operand(
                kind: .load, tensor: tensor, elementBytes: 4, requests: .scalar(elementBytes: 4, warps: tiling.warps))
            rowSequence = Operand(
                kind: .load, tensor: tensor, elementBytes: 4,
                requests: frame.vectorRequests(
                    length: tiling.m, elementBytes: 4,
                    alignment: frame.alignment(of: view, strides: [view.batchStride, view.chunkStride]),
                    mask: ArgumentAlignment.maskElements(limits: [shape.sequenceLength, shape.chunkSize]),
                    short: accumulatorRows))
        } else {
            previousSequence = nil
            rowSequence = nil
        }

        // The leading product: register loads at once, or a pipelined loop.
        let leadingStages = stateTrips > 1 ? stages : 1
        let leadingFrame = frame
        func leading(_ tensor: Int, _ view: TensorView, rows: Int, strides: [Int]) -> Operand {
            let bytes = view.elementType.byteCount
            let alignment = leadingFrame.alignment(of: view, strides: strides)
            let layout = BlockedLayout.coalesced(
                rows: rows, columns: stateTile, alignment: alignment, elementBytes: bytes, warps: tiling.warps)
            return .pipelined(
                tensor: tensor, elementBytes: bytes,
                requests: layout.requests(elementBytes: bytes, vector: min(alignment, stateMask)),
                pitchBytes: view.rowStride * bytes, stages: leadingStages)
        }
        c = leading(frame.add("C", allocation.c), allocation.c, rows: tiling.m, strides: allocation.c.positionStrides)
        previousStates = leading(
            frame.add("prev_states", allocation.previousStates), allocation.previousStates, rows: tiling.n,
            strides: allocation.previousStates.tileStrides)

        // The skip connection reads x again, in the rows' layout.
        if let view = allocation.skip {
            let bytes = view.elementType.byteCount
            let alignment = frame.alignment(of: view, strides: [view.headStride])
            let requests = shape.skip == .perHead
                ? RequestShape.scalar(elementBytes: bytes, warps: tiling.warps)
                : frame.vectorRequests(
                    length: tiling.n, elementBytes: bytes, alignment: alignment, mask: channelMask,
                    short: accumulator.columnSliceRequests(elementBytes: bytes, vector: min(alignment, channelMask)))
            skip = Operand(kind: .load, tensor: frame.add("D", view), elementBytes: bytes, requests: requests)
            residual = Operand(
                kind: .load, tensor: x.tensor, elementBytes: elementBytes,
                requests: rowRequests(allocation.x, layoutAlignment: widest),
                pitchBytes: allocation.x.rowStride * elementBytes)
        } else {
            skip = nil
            residual = nil
        }
    }
}
