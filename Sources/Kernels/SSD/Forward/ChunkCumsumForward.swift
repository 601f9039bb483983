import Trace

/// ch_cumsum_fwd: dt after bias and softplus, and the cumulative sums of dt times A inside each chunk.
///
/// Grid (batch, chunks, head blocks). A block takes one tile and has no loop. The tile has BLOCK_SIZE_H heads and the
/// chunk's length, rounded up to a power of two. Heads are contiguous in the raw time step, positions in both results.
package struct ChunkCumsumForward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let headsPerBlock: Int
    private let timeStepView: TensorView
    private let rateView: TensorView
    private let biasView: TensorView?
    private let timeStepOutView: TensorView
    private let sumsView: TensorView
    private let timeStep: Operand
    private let bias: Operand?
    private let rate: Operand
    private let timeStepOut: Operand
    private let sums: Operand
    private let local: LocalMemory?
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation)
        shape = frame.shape
        headsPerBlock = tiling.heads
        timeStepView = allocation.timeStep
        rateView = allocation.decayRate
        biasView = allocation.timeStepBias
        timeStepOutView = allocation.processedTimeStep
        sumsView = allocation.decaySums
        costs = Self.description.costs(tiling: tiling, allocation: allocation)

        let length = shape.chunkSize.roundedUpToPowerOfTwo
        let headMask = ArgumentAlignment.maskElements(limits: [shape.heads])
        let outAlignment = frame.chunkAlignment(of: timeStepOutView)
        let results = BlockedLayout.coalesced(
            rows: headsPerBlock, columns: length, alignment: outAlignment, elementBytes: 4, warps: tiling.warps)
        let resultRequests = results.requests(
            elementBytes: 4, vector: min(outAlignment, ArgumentAlignment.maskElements(limits: [shape.chunkSize])))

        // The raw time step: heads are its contiguous dimension. A tile with fewer elements than threads takes the
        // results' layout.
        let timeStepBytes = timeStepView.elementType.byteCount
        let timeStepAlignment = frame.alignment(
            of: timeStepView, strides: [timeStepView.batchStride, timeStepView.rowStride])
        let isShort = headsPerBlock * length < tiling.threads
        let raw = BlockedLayout.coalesced(
            rows: length, columns: headsPerBlock, alignment: timeStepAlignment, elementBytes: timeStepBytes,
            warps: tiling.warps)
        let rawRequests =
            isShort
            ? results.transposedRequests(elementBytes: timeStepBytes)
            : raw.requests(elementBytes: timeStepBytes, vector: min(timeStepAlignment, headMask))

        timeStep = Operand(
            kind: .load, tensor: frame.add("dt", timeStepView), elementBytes: timeStepBytes, requests: rawRequests,
            pitchBytes: timeStepView.rowStride * timeStepBytes)
        let rateAlignment = frame.alignment(of: rateView, strides: [])
        rate = Operand(
            kind: .load, tensor: frame.add("A", rateView), elementBytes: 4,
            requests: frame.vectorRequests(
                length: headsPerBlock, elementBytes: 4, alignment: rateAlignment, mask: headMask,
                short: results.rowSliceRequests(elementBytes: 4, vector: min(rateAlignment, headMask))))
        if let biasView {
            let bytes = biasView.elementType.byteCount
            let alignment = frame.alignment(of: biasView, strides: [])
            // A 16-bit time step changes layout before it is widened. A 32-bit one changes layout after bias and
            // softplus.
            let short =
                timeStepBytes == 4 && !isShort
                ? raw.columnSliceRequests(elementBytes: bytes, vector: min(alignment, headMask))
                : results.rowSliceRequests(elementBytes: bytes, vector: min(alignment, headMask))
            bias = Operand(
                kind: .load, tensor: frame.add("dt_bias", biasView), elementBytes: bytes,
                requests: frame.vectorRequests(
                    length: headsPerBlock, elementBytes: bytes, alignment: alignment, mask: headMask, short: short))
        } else {
            bias = nil
        }
        timeStepOut = .store(
            tensor: frame.add("dt_out", timeStepOutView), elementBytes: 4, requests: resultRequests,
            pitchBytes: timeStepOutView.headStride * 4)
        sums = .store(
            tensor: frame.add("dA_cumsum", sumsView), elementBytes: 4, requests: resultRequests,
            pitchBytes: sumsView.headStride * 4)
        let grid = Grid(x: shape.batch, y: shape.chunkCount, z: shape.heads.dividedRoundingUp(by: headsPerBlock))
        local = frame.localMemory(grid: grid)
        launch = frame.launch(grid: grid)
    }

    /// Where one block works.
    private struct Place {
        var batch: Int
        var chunk: Int
        var firstHead: Int
        var heads: Int
        var valid: Int
    }

    private func place(ofBlock block: Int) -> Place {
        let (batch, chunk, headBlock) = launch.grid.coordinates(of: block)
        let firstHead = headBlock * headsPerBlock
        return Place(
            batch: batch, chunk: chunk, firstHead: firstHead, heads: min(headsPerBlock, shape.heads - firstHead),
            valid: shape.validLength(ofChunk: chunk))
    }

    private func timeStepRegion(_ place: Place) -> TileRegion {
        timeStepView.region(
            batch: place.batch, chunk: place.chunk, head: place.firstHead, rows: place.valid, columns: place.heads)
    }

    private func headRegion(_ view: TensorView, _ place: Place) -> TileRegion {
        view.region(head: place.firstHead, rows: 1, columns: place.heads)
    }

    private func resultRegion(_ view: TensorView, _ place: Place) -> TileRegion {
        view.region(
            batch: place.batch, chunk: place.chunk, head: place.firstHead, rows: place.heads, columns: shape.chunkSize)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = place(ofBlock: block)
        sink.compute(costs.prologue)
        sink.access(timeStep, timeStepRegion(place))
        if let bias, let biasView { sink.access(bias, headRegion(biasView, place)) }
        sink.awaitLoads()
        sink.barrier()
        sink.spill(local, block: block)
        if costs.trip.instructions > 0 { sink.compute(costs.trip) }
        sink.access(timeStepOut, resultRegion(timeStepOutView, place))
        sink.access(rate, headRegion(rateView, place))
        // Spilled values come back together with the rate.
        if local == nil { sink.awaitLoads() } else { sink.reload(local, block: block) }
        sink.compute(costs.epilogue)
        sink.access(sums, resultRegion(sumsView, place))
    }
}

extension ChunkCumsumForward {
    /// Time steps after bias and softplus, and their decay summed up.
    package static let description = SSDKernel(
        name: "ch_cumsum_fwd", function: "_chunk_cumsum_fwd_kernel",
        summary: "time steps after softplus, their decay summed up",
        pass: .forward, pipes: .vector, fields: ["H"], candidates: Tiling.headCounts, tunedBy: [.chunk, .heads],
        tuned: \.cumsum,
        code: SSDCode(
            mix: CostModel.chunkCumulativeSumForward,
            registers: { 16 + 2.2 * RegisterEstimate.cumsumElements($0) },
            sharedMemory: { min(8192, SharedMemoryEstimate.cumulativeSum($0, bytes: $0.shape.timeStepType.byteCount)) },
            compiled: { _ in CompiledTable.cumsumForward },
            isCompiled: { $0.chunkSize.nextPowerOfTwo == 256 && $0.timeStepType.byteCount == 2 && $0.hasTimeStepBias }),
        make: { ChunkCumsumForward(tiling: $0.tiling, allocation: $0.allocation) })
}
