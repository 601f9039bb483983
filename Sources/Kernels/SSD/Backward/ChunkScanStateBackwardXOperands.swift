import Trace

/// The tensor arguments of ch_scan_ch_state_bwd_dx with the layouts that the compiler gives them.
struct ChunkScanStateBackwardXOperands {
    let rowDecay: Operand
    /// `rowDecay` again in the layout of the products' tile, where the vector is short.
    let rowDecayAgain: Operand?
    let lastDecay: Operand
    let sequence: (rows: Operand, last: Operand)?
    let b: Operand
    let states: Operand
    let products: Operand
    let output: Operand
    let decay: Operand
    let timeStep: Operand
    let skip: Operand?
    let residual: Operand?
    let result: Operand
    let x: Operand
    let skipGradient: Operand?
    let timeStepGradient: Operand

    /// - Parameters:
    ///   - stateTile: state columns of a trip of the leading product.
    ///   - stateTrips: trips of the leading product. Where there are several, its loads are pipelined.
    init(frame: inout KernelFrame, allocation: SSDAllocation, gradients: SSDGradients, stateTile: Int, stateTrips: Int)
    {
        let shape = frame.shape
        let tiling = frame.tiling
        let bytes = shape.elementType.byteCount
        let accumulator = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps)
        let accumulatorRows = accumulator.rowSliceRequests(elementBytes: 4)
        func perRow(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            frame.vector(name, view, .load, length: tiling.m, mask: frame.positionMask, short: accumulatorRows)
        }

        // The loop: CB is read by its columns, dout by rows, the decay along the loop.
        products = frame.tile(
            "cb", allocation.products, .pipelined, rows: tiling.k, columns: tiling.m, mask: frame.chunkMask)
        output = frame.tile(
            "dout", gradients.output, .pipelined, rows: tiling.k, columns: tiling.n, mask: frame.channelMask,
            crosswise: AccumulatorLayout.crosswiseElements(rows: tiling.m, warps: tiling.warps, elementBytes: bytes))
        let productLayout = BlockedLayout.coalesced(
            rows: tiling.k, columns: tiling.m, alignment: frame.tileAlignment(of: allocation.products), elementBytes: 4,
            warps: tiling.warps)
        let vector = min(frame.chunkAlignment(of: allocation.decaySums), frame.positionMask)
        decay = frame.vector(
            "dA_cumsum", allocation.decaySums, .pipelined, length: tiling.k, mask: frame.positionMask,
            short: productLayout.rowSliceRequests(elementBytes: 4, vector: vector))

        rowDecay = perRow("dA_cumsum", allocation.decaySums, frame: &frame)
        rowDecayAgain =
            tiling.m < tiling.threads
            ? Operand(
                kind: .load, tensor: rowDecay.tensor, elementBytes: 4,
                requests: productLayout.columnSliceRequests(elementBytes: 4, vector: vector))
            : nil
        lastDecay = frame.scalar("dA_cumsum", allocation.decaySums)
        timeStep = perRow("dt", allocation.processedTimeStep, frame: &frame)
        if let view = allocation.sequenceIndex {
            sequence = (perRow("seq_idx", view, frame: &frame), frame.scalar("seq_idx", view))
        } else {
            sequence = nil
        }

        // The leading product. Loads outside loops share the widest run of accesses that any tile of their shape has.
        let leadingUse: KernelFrame.Use = stateTrips > 1 ? .pipelined : .load
        let rowRun = [gradients.output, gradients.x, allocation.x].map { frame.tileAlignment(of: $0) }.max() ?? 1
        let factorRun = stateTile == tiling.n && stateTrips == 1 ? min(rowRun, 16 / bytes) : 1
        b = frame.tile(
            "b", allocation.b, leadingUse, rows: tiling.m, columns: stateTile, mask: frame.stateMask, widest: factorRun)
        states = frame.tile(
            "dstates", gradients.states, leadingUse, rows: tiling.n, columns: stateTile, mask: frame.stateMask)

        // The tile's own rows and columns.
        let widest = min(rowRun, 16 / bytes)
        func ownTile(_ name: String, _ view: TensorView, _ use: KernelFrame.Use, frame: inout KernelFrame) -> Operand {
            frame.tile(
                name, view, use, rows: tiling.m, columns: tiling.n, mask: frame.channelMask,
                widest: use == .load ? widest : 1)
        }
        x = ownTile("x", allocation.x, .load, frame: &frame)
        result = ownTile("dx", gradients.x, .store, frame: &frame)
        if let view = allocation.skip, let gradient = gradients.skip {
            residual = ownTile("dout", gradients.output, .load, frame: &frame)
            func perChannel(_ name: String, _ view: TensorView, _ use: KernelFrame.Use, frame: inout KernelFrame)
                -> Operand
            {
                let alignment = min(frame.alignment(of: view, strides: [view.headStride]), frame.channelMask)
                return frame.vector(
                    name, view, use, length: tiling.n, mask: frame.channelMask,
                    short: accumulator.columnSliceRequests(elementBytes: view.elementType.byteCount, vector: alignment))
            }
            if shape.skip == .perChannel {
                skip = perChannel("D", view, .load, frame: &frame)
                skipGradient = perChannel("dD", gradient, .store, frame: &frame)
            } else {
                skip = frame.scalar("D", view)
                skipGradient = frame.atomicVector("dD", gradient)
            }
        } else {
            (skip, residual, skipGradient) = (nil, nil, nil)
        }
        timeStepGradient = frame.atomicVector("ddt", gradients.processedTimeStep)
    }
}
