import Trace

/// The tensor arguments of ch_scan_fwd with the layouts that the compiler gives them.
struct ChunkScanOperands {
    /// dA_cs of the tile's rows. There is one load, or two in different layouts where the vector is short.
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
    ///   - stateTrips: trips of the leading product. Where there are several, its loads are pipelined.
    init(frame: inout KernelFrame, allocation: SSDAllocation, stateTile: Int, stateTrips: Int) {
        let shape = frame.shape
        let tiling = frame.tiling
        let elementBytes = shape.elementType.byteCount
        let stages = tiling.stages
        let accumulator = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps)
        let channelMask = ArgumentAlignment.maskElements(limits: [shape.headDim])
        let stateMask = ArgumentAlignment.maskElements(limits: [shape.stateDim])
        let chunkMask = ArgumentAlignment.maskElements(limits: [shape.chunkSize])

        // The loop's tiles.
        let productAlignment = frame.tileAlignment(of: allocation.products)
        let productLayout = BlockedLayout.coalesced(
            rows: tiling.m, columns: tiling.k, alignment: productAlignment, elementBytes: 4, warps: tiling.warps)
        products = .pipelined(
            tensor: frame.add("cb", allocation.products), elementBytes: 4,
            requests: productLayout.requests(elementBytes: 4, vector: min(productAlignment, chunkMask)),
            pitchBytes: allocation.products.rowStride * 4, stages: stages)
        let xAlignment = frame.positionAlignment(of: allocation.x)
        let xLayout = BlockedLayout.coalesced(
            rows: tiling.k, columns: tiling.n, alignment: xAlignment, elementBytes: elementBytes, warps: tiling.warps)
        x = .pipelined(
            tensor: frame.add("x", allocation.x), elementBytes: elementBytes,
            requests: xLayout.requests(
                elementBytes: elementBytes,
                vector: min(
                    xAlignment, channelMask,
                    stages > 1
                        ? AccumulatorLayout.crosswiseElements(
                            rows: tiling.m, warps: tiling.warps, elementBytes: elementBytes) : 16)),
            pitchBytes: allocation.x.rowStride * elementBytes, stages: stages)

        // Loads outside the loops take the widest run that any access of a tile of the same shape allows. Loads inside
        // a loop and stores take their own.
        let rowViews = [shape.skip == .none ? nil : allocation.x, allocation.z, allocation.ungatedOut, allocation.out]
        let cAlignment = frame.positionAlignment(of: allocation.c)
        let ownTile = frame
        var runs: [(columns: Int, run: Int)] = [(tiling.k, min(productAlignment, 4)), (stateTile, cAlignment)]
        runs += rowViews.compactMap { $0 }.map { (tiling.n, ownTile.positionAlignment(of: $0)) }
        if tiling.k == tiling.m { runs.append((tiling.n, xAlignment)) }
        func widestRun(columns: Int) -> Int { runs.filter { $0.columns == columns }.map(\.run).max() ?? 1 }
        let widest = widestRun(columns: tiling.n)
        func rowLayout(alignment: Int) -> BlockedLayout {
            .coalesced(
                rows: tiling.m, columns: tiling.n, alignment: alignment, elementBytes: elementBytes, warps: tiling.warps
            )
        }
        func rowRequests(_ view: TensorView, layoutAlignment: Int) -> RequestShape {
            rowLayout(alignment: layoutAlignment).requests(
                elementBytes: elementBytes, vector: min(ownTile.positionAlignment(of: view), channelMask))
        }
        func rowStore(_ name: String, _ view: TensorView) -> Operand {
            .store(
                tensor: frame.add(name, view), elementBytes: elementBytes,
                requests: rowRequests(view, layoutAlignment: ownTile.positionAlignment(of: view)),
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
        let vectorAlignment = frame.chunkAlignment(of: allocation.decaySums)
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
        let duplicates =
            tiling.m < tiling.threads
            ? [
                productLayout.rowSliceRequests(elementBytes: 4, vector: min(vectorAlignment, chunkMask))
            ] : []
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
                    alignment: frame.chunkAlignment(of: view),
                    mask: ArgumentAlignment.maskElements(limits: [shape.sequenceLength, shape.chunkSize]),
                    short: accumulatorRows))
        } else {
            previousSequence = nil
            rowSequence = nil
        }

        // The leading product: loads to registers at once, or a pipelined loop.
        let leadingStages = stateTrips > 1 ? stages : 1
        func leading(_ tensor: Int, _ view: TensorView, rows: Int, alignment: Int, run: Int) -> Operand {
            let bytes = view.elementType.byteCount
            let layout = BlockedLayout.coalesced(
                rows: rows, columns: stateTile, alignment: run, elementBytes: bytes, warps: tiling.warps)
            return .pipelined(
                tensor: tensor, elementBytes: bytes,
                requests: layout.requests(elementBytes: bytes, vector: min(alignment, stateMask)),
                pitchBytes: view.rowStride * bytes, stages: leadingStages)
        }
        c = leading(
            frame.add("C", allocation.c), allocation.c, rows: tiling.m, alignment: cAlignment,
            run: stateTrips > 1 ? cAlignment : widestRun(columns: stateTile))
        let stateAlignment = frame.tileAlignment(of: allocation.previousStates)
        previousStates = leading(
            frame.add("prev_states", allocation.previousStates), allocation.previousStates, rows: tiling.n,
            alignment: stateAlignment, run: stateAlignment)

        // The skip connection reads x again, in the rows' layout.
        if let view = allocation.skip {
            let bytes = view.elementType.byteCount
            let alignment = frame.alignment(of: view, strides: [view.headStride])
            let vector = min(alignment, channelMask)
            // 16-bit rows change layout before they are widened and scaled, 32-bit rows after it.
            let short =
                elementBytes == 4
                ? rowLayout(alignment: widest).columnSliceRequests(elementBytes: bytes, vector: vector)
                : accumulator.columnSliceRequests(elementBytes: bytes, vector: vector)
            let requests =
                shape.skip == .perHead
                ? RequestShape.scalar(elementBytes: bytes, warps: tiling.warps)
                : frame.vectorRequests(
                    length: tiling.n, elementBytes: bytes, alignment: alignment, mask: channelMask, short: short)
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
