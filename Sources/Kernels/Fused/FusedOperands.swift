import Trace

/// The tensor arguments of ssd_fused with the layouts that the compiler gives them, role by role.
///
/// With one stage nothing is copied asynchronously. Each tile takes its own coalesced layout, and a vector takes the
/// layout of the tile that it scales. *Source:* fused.md section 9.3; these layouts give its instructions and rows.
struct FusedOperands {
    let ticket: Operand
    let flag: Operand

    // Role 1.
    let rawTimeStep: Operand
    let bias: Operand?
    let rate: Operand
    let processedTimeStepOut: Operand
    let decaySumsOut: Operand

    // Role 2.
    let productC: Operand
    let productB: Operand
    let productsOut: Operand

    // Role 3, chunk state.
    let stateX: Operand
    let stateB: Operand
    let stateDecay: Operand
    let stateTimeStep: Operand
    let lastDecay: Operand
    let states: Operand
    let statesOut: Operand

    // Role 3, scan.
    /// dA_cs of the rows in the layouts of the output and of CB.
    let rowDecay: [Operand]
    let scanC: Operand
    let scanStates: Operand
    let scanProducts: Operand
    let scanDecay: Operand
    let scanTimeStep: Operand
    let scanX: Operand
    let skip: Operand?
    let residual: Operand?
    let gate: Operand?
    let ungatedOut: Operand?
    let out: Operand

    let sequence: Sequence?

    /// Sequence indices in the layouts of the tiles that they mask.
    struct Sequence {
        let scalar: Operand
        let productRows: Operand
        let productColumns: Operand
        let statePositions: Operand
        let scanRows: Operand
    }

    init(frame: inout KernelFrame, tensors: FusedTensors, blocks: FusedBlocks) {
        let shape = frame.shape
        let warps = frame.tiling.warps
        let sync = frame.addFlags("sync_atomic", tensors.sync)
        let word = RequestShape.scalar(elementBytes: 4, warps: 1)
        ticket = Operand(kind: .atomic, tensor: sync, elementBytes: 4, requests: word)
        flag = Operand(kind: .reduction, tensor: sync, elementBytes: 4, requests: word)

        // Role 1. Heads lie side by side in the raw time step, and positions lie side by side in both results.
        let length = shape.chunkSize.roundedUpToPowerOfTwo
        let headMask = ArgumentAlignment.maskElements(limits: [shape.heads])
        let raw = tensors.timeStep
        let rawBytes = raw.elementType.byteCount
        let rawAlignment = frame.alignment(of: raw, strides: [raw.batchStride, raw.rowStride])
        let rawLayout = BlockedLayout.coalesced(
            rows: length, columns: blocks.heads, alignment: rawAlignment, elementBytes: rawBytes, warps: warps)
        rawTimeStep = Operand(
            kind: .load, tensor: frame.add("dt_orig", raw), elementBytes: rawBytes,
            requests: rawLayout.requests(elementBytes: rawBytes, vector: min(rawAlignment, headMask)),
            pitchBytes: raw.rowStride * rawBytes)
        let resultAlignment = frame.chunkAlignment(of: tensors.decaySums)
        let results = BlockedLayout.coalesced(
            rows: blocks.heads, columns: length, alignment: resultAlignment, elementBytes: 4, warps: warps)
        func perHead(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            let bytes = view.elementType.byteCount
            let vector = min(frame.alignment(of: view, strides: []), headMask)
            return frame.vector(
                name, view, .load, length: blocks.heads, mask: headMask,
                short: results.rowSliceRequests(elementBytes: bytes, vector: vector))
        }
        func result(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            .store(
                tensor: frame.add(name, view), elementBytes: 4,
                requests: results.requests(elementBytes: 4, vector: min(resultAlignment, frame.chunkMask)),
                pitchBytes: view.headStride * 4)
        }
        bias = tensors.timeStepBias.map { perHead("dt_bias", $0, frame: &frame) }
        rate = perHead("A", tensors.decayRate, frame: &frame)
        processedTimeStepOut = result("dt", tensors.processedTimeStep, frame: &frame)
        decaySumsOut = result("dA_cumsum", tensors.decaySums, frame: &frame)

        // Role 2.
        productC = frame.tile(
            "C", tensors.c, .load, rows: blocks.productRows, columns: blocks.productDepth, mask: frame.stateMask)
        productB = frame.tile(
            "b", tensors.b, .load, rows: blocks.productColumns, columns: blocks.productDepth, mask: frame.stateMask)
        productsOut = frame.tile(
            "cb", tensors.products, .store, rows: blocks.productRows, columns: blocks.productColumns,
            mask: frame.chunkMask)

        // Role 3, chunk state: the positions of x run down its tile. The vectors scale it by position.
        stateX = frame.tile(
            "x", tensors.x, .load, rows: blocks.positions, columns: blocks.channels, mask: frame.channelMask
        ).hinted(.bypassL1)
        stateB = frame.tile(
            "b", tensors.b, .load, rows: blocks.positions, columns: blocks.states, mask: frame.stateMask
        ).hinted(.evictFirst)
        let xLayout = BlockedLayout.coalesced(
            rows: blocks.positions, columns: blocks.channels, alignment: frame.tileAlignment(of: tensors.x),
            elementBytes: tensors.x.elementType.byteCount, warps: warps)
        func perPosition(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            let vector = min(frame.chunkAlignment(of: view), frame.positionMask)
            return frame.vector(
                name, view, .load, length: blocks.positions, mask: frame.positionMask,
                short: xLayout.rowSliceRequests(elementBytes: 4, vector: vector))
        }
        stateDecay = perPosition("dA_cumsum", tensors.decaySums, frame: &frame)
        stateTimeStep = perPosition("dt", tensors.processedTimeStep, frame: &frame)
        lastDecay = frame.scalar("dA_cumsum", tensors.decaySums)
        states = frame.tile(
            "states_G", tensors.states, .load, rows: blocks.channels, columns: blocks.states, mask: frame.stateMask)
        statesOut = frame.tile(
            "states_G", tensors.states, .store, rows: blocks.channels, columns: blocks.states, mask: frame.stateMask)

        // Role 3, scan.
        let wholeStates = max(16, shape.stateDim.roundedUpToPowerOfTwo)
        let stateColumns = wholeStates <= blocks.wholeStates ? wholeStates : blocks.scanStates
        scanC = frame.tile("C", tensors.c, .load, rows: blocks.scanRows, columns: stateColumns, mask: frame.stateMask)
        scanStates = frame.tile(
            "states_G", tensors.states, .load, rows: blocks.channels, columns: stateColumns, mask: frame.stateMask)
        scanProducts = frame.tile(
            "cb", tensors.products, .load, rows: blocks.scanRows, columns: blocks.scanColumns, mask: frame.chunkMask
        ).hinted(.evictLast)
        scanX = frame.tile(
            "x", tensors.x, .load, rows: blocks.scanColumns, columns: blocks.channels, mask: frame.channelMask
        ).hinted(.evictLast)
        let productLayout = BlockedLayout.coalesced(
            rows: blocks.scanRows, columns: blocks.scanColumns, alignment: frame.tileAlignment(of: tensors.products),
            elementBytes: tensors.products.elementType.byteCount, warps: warps)
        let accumulator = AccumulatorLayout(rows: blocks.scanRows, columns: blocks.channels, warps: warps)
        func perColumn(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            let vector = min(frame.chunkAlignment(of: view), frame.chunkMask)
            return frame.vector(
                name, view, .load, length: blocks.scanColumns, mask: frame.chunkMask,
                short: productLayout.columnSliceRequests(elementBytes: 4, vector: vector))
        }
        scanDecay = perColumn("dA_cumsum", tensors.decaySums, frame: &frame)
        scanTimeStep = perColumn("dt", tensors.processedTimeStep, frame: &frame)
        let rowVector = min(resultAlignment, frame.chunkMask)
        rowDecay = [
            accumulator.rowSliceRequests(elementBytes: 4),
            productLayout.rowSliceRequests(elementBytes: 4, vector: rowVector),
        ].map {
            frame.vector(
                "dA_cumsum", tensors.decaySums, .load, length: blocks.scanRows, mask: frame.chunkMask, short: $0)
        }
        let (rows, channels) = (blocks.scanRows, blocks.channels)
        if let view = tensors.skip {
            let bytes = view.elementType.byteCount
            let vector = min(frame.alignment(of: view, strides: [view.headStride]), frame.channelMask)
            skip =
                shape.skip == .perHead
                ? frame.scalar("D", view)
                : frame.vector(
                    "D", view, .load, length: channels, mask: frame.channelMask,
                    short: accumulator.columnSliceRequests(elementBytes: bytes, vector: vector))
            residual = frame.tile("x", tensors.x, .load, rows: rows, columns: channels, mask: frame.channelMask)
        } else {
            (skip, residual) = (nil, nil)
        }
        gate = tensors.z.map { frame.tile("z", $0, .load, rows: rows, columns: channels, mask: frame.channelMask) }
        ungatedOut = tensors.ungatedOut.map {
            frame.tile("out_x", $0, .store, rows: rows, columns: channels, mask: frame.channelMask)
        }
        out = frame.tile(
            "out", tensors.out, .store, rows: rows, columns: channels, mask: frame.channelMask
        ).hinted(.evictFirst)

        if let view = tensors.sequenceIndex {
            let product = AccumulatorLayout(rows: blocks.productRows, columns: blocks.productColumns, warps: warps)
            func indices(_ length: Int, _ short: RequestShape, frame: inout KernelFrame) -> Operand {
                frame.vector("seq_idx", view, .load, length: length, mask: frame.positionMask, short: short)
            }
            let vector = min(frame.chunkAlignment(of: view), frame.positionMask)
            sequence = Sequence(
                scalar: frame.scalar("seq_idx", view),
                productRows: indices(blocks.productRows, product.rowSliceRequests(elementBytes: 4), frame: &frame),
                productColumns: indices(
                    blocks.productColumns, product.columnSliceRequests(elementBytes: 4, vector: vector), frame: &frame),
                statePositions: indices(
                    blocks.positions, xLayout.rowSliceRequests(elementBytes: 4, vector: vector), frame: &frame),
                scanRows: indices(rows, accumulator.rowSliceRequests(elementBytes: 4), frame: &frame))
        } else {
            sequence = nil
        }
    }
}
