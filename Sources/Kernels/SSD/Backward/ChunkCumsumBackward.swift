import Trace

/// ch_cumsum_bwd: the gradient of the raw time step, and by atomics those of A and the time-step bias.
///
/// Grid (batch, chunks, head blocks). A block takes one tile and has no loop. The tile has BLOCK_SIZE_H heads and the
/// chunk's length, rounded up to a power of two.
package struct ChunkCumsumBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let headsPerBlock: Int
    private let allocation: SSDAllocation
    private let gradients: SSDGradients
    private let decay: Operand
    private let processed: Operand
    private let rate: Operand
    private let timeStep: Operand
    private let bias: Operand?
    private let timeStepGradient: Operand
    private let rateGradient: Operand
    private let biasGradient: Operand?
    private let local: LocalMemory?
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation)
        let shape = frame.shape
        self.shape = shape
        self.allocation = allocation
        self.gradients = gradients
        headsPerBlock = tiling.heads
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let length = shape.chunkSize.roundedUpToPowerOfTwo
        let headMask = ArgumentAlignment.maskElements(limits: [shape.heads])

        // The fp32 gradients: positions are contiguous.
        let alignment = frame.chunkAlignment(of: gradients.decay)
        let inner = BlockedLayout.coalesced(
            rows: tiling.heads, columns: length, alignment: alignment, elementBytes: 4, warps: tiling.warps)
        func gradient(_ name: String, _ view: TensorView, frame: inout KernelFrame) -> Operand {
            Operand(
                kind: .load, tensor: frame.add(name, view), elementBytes: 4,
                requests: inner.requests(elementBytes: 4, vector: min(alignment, frame.positionMask)),
                pitchBytes: view.headStride * 4)
        }
        decay = gradient("ddA", gradients.decay, frame: &frame)
        processed = gradient("ddt_out", gradients.processedTimeStep, frame: &frame)

        // The raw time step: heads are contiguous. A tile with fewer elements than threads takes the gradients' layout.
        let isShort = tiling.heads * length < tiling.threads
        func raw(_ name: String, _ view: TensorView, isStore: Bool, frame: inout KernelFrame) -> (
            Operand, BlockedLayout
        ) {
            let bytes = view.elementType.byteCount
            let alignment = frame.alignment(of: view, strides: [view.batchStride, view.rowStride])
            let layout = BlockedLayout.coalesced(
                rows: length, columns: tiling.heads, alignment: alignment, elementBytes: bytes, warps: tiling.warps)
            let requests =
                isShort && !isStore
                ? inner.transposedRequests(elementBytes: bytes)
                : layout.requests(elementBytes: bytes, vector: min(alignment, headMask))
            let tensor = frame.add(name, view)
            let pitch = view.rowStride * bytes
            return (
                isStore
                    ? .store(tensor: tensor, elementBytes: bytes, requests: requests, pitchBytes: pitch)
                    : Operand(kind: .load, tensor: tensor, elementBytes: bytes, requests: requests, pitchBytes: pitch),
                layout
            )
        }
        let (timeStep, rawLayout) = raw("dt", allocation.timeStep, isStore: false, frame: &frame)
        self.timeStep = timeStep
        timeStepGradient = raw("ddt", gradients.timeStep, isStore: true, frame: &frame).0
        let rateAlignment = min(frame.alignment(of: allocation.decayRate, strides: []), headMask)
        rate = frame.vector(
            "A", allocation.decayRate, .load, length: tiling.heads, mask: headMask,
            short: inner.rowSliceRequests(elementBytes: 4, vector: rateAlignment))
        rateGradient = frame.atomicVector("dA", gradients.decayRate)
        if let view = allocation.timeStepBias, let gradient = gradients.timeStepBias {
            let bytes = view.elementType.byteCount
            let vector = min(frame.alignment(of: view, strides: []), headMask)
            bias = frame.vector(
                "dt_bias", view, .load, length: tiling.heads, mask: headMask,
                short: isShort
                    ? inner.rowSliceRequests(elementBytes: bytes, vector: vector)
                    : rawLayout.columnSliceRequests(elementBytes: bytes, vector: vector))
            biasGradient = frame.atomicVector("ddt_bias", gradient)
        } else {
            (bias, biasGradient) = (nil, nil)
        }
        let grid = Grid(x: shape.batch, y: shape.chunkCount, z: shape.heads.dividedRoundingUp(by: tiling.heads))
        local = frame.localMemory(grid: grid)
        launch = frame.launch(grid: grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (batch, chunk, headBlock) = launch.grid.coordinates(of: block)
        let first = headBlock * headsPerBlock
        let heads = min(headsPerBlock, shape.heads - first)
        let valid = shape.validLength(ofChunk: chunk)
        func positions(_ view: TensorView) -> TileRegion {
            view.region(batch: batch, chunk: chunk, head: first, rows: heads, columns: valid)
        }
        func raw(_ view: TensorView) -> TileRegion {
            view.region(batch: batch, chunk: chunk, head: first, rows: valid, columns: heads)
        }
        func perHead(_ view: TensorView) -> TileRegion { view.region(head: first, rows: 1, columns: heads) }

        sink.access(decay, positions(gradients.decay))
        sink.access(processed, positions(gradients.processedTimeStep))
        sink.access(rate, perHead(allocation.decayRate))
        sink.access(timeStep, raw(allocation.timeStep))
        if let bias, let view = allocation.timeStepBias { sink.access(bias, perHead(view)) }
        sink.awaitLoads()
        sink.barrier()
        sink.spill(local, block: block)
        sink.compute(costs.prologue)
        sink.reload(local, block: block)
        sink.access(timeStepGradient, raw(gradients.timeStep))
        sink.compute(costs.epilogue)
        sink.atomicAdd(rateGradient, perHead(gradients.decayRate))
        if let biasGradient, let view = gradients.timeStepBias { sink.atomicAdd(biasGradient, perHead(view)) }
    }
}

extension ChunkCumsumBackward {
    /// Gradients of the raw time steps, of their bias and of A.
    package static let description = SSDKernel(
        name: "ch_cumsum_bwd", function: "_chunk_cumsum_bwd_kernel",
        summary: "gradients of raw time steps, their bias and A",
        pass: .backward, pipes: .vector, fields: ["H"], candidates: Tiling.headCounts, tunedBy: [.chunk, .heads],
        tuned: \.cumsumBackward,
        code: SSDCode(
            mix: CostModel.chunkCumulativeSumBackward,
            registers: { 22 + 3.5 * RegisterEstimate.cumsumElements($0) },
            sharedMemory: { SharedMemoryEstimate.cumulativeSum($0, bytes: 4) },
            compiled: { _ in CompiledTable.cumsumBackward },
            isCompiled: { $0.chunkSize.nextPowerOfTwo == 256 && $0.timeStepType.byteCount == 2 && $0.hasTimeStepBias }),
        framework: SSDFramework(before: { $0.fill("dA", $0.own.decayRate) + $0.fill("ddt_bias", $0.own.timeStepBias) }),
        make: { call throws(KernelError) in
            ChunkCumsumBackward(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
