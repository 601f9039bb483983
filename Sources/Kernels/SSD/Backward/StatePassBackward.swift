import Trace

/// state_pass_bwd: carries the states' gradients from the last chunk to the first, and rewrites the states in the
/// element type.
///
/// Grid (blocks of head dim times state dim, batch, heads). A block is a serial chain over the chunks, with plain loads
/// and stores and one sum over the block for each chunk.
package struct StatePassBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let block: Int
    private let dim: Int
    private let allocation: SSDAllocation
    private let gradients: SSDGradients
    private let entering: Operand
    /// The first chunk's entering states, in the layout of the store that follows.
    private let firstEntering: Operand
    private let decay: Operand
    private let sequence: Operand?
    private let incoming: Operand
    private let finalStates: Operand?
    private let outgoing: Operand
    private let converted: Operand?
    private let initialStates: Operand?
    private let chunkDecay: Operand
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation)
        let shape = frame.shape
        self.shape = shape
        self.allocation = allocation
        self.gradients = gradients
        block = tiling.block
        let dim = shape.headDim * shape.stateDim
        self.dim = dim
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let mask = ArgumentAlignment.maskElements(limits: [dim])
        let storeBytes = gradients.states.elementType.byteCount
        let storeRun = min(frame.chunkAlignment(of: gradients.states), 16 / storeBytes)

        func states(_ name: String, _ view: TensorView, isStore: Bool, widest: Int = 1, frame: inout KernelFrame)
            -> Operand
        {
            let bytes = view.elementType.byteCount
            let alignment = frame.chunkAlignment(of: view)
            let perThread = max(1, min(max(widest, min(alignment, 16 / bytes)), tiling.block / tiling.threads))
            let requests = BlockedLayout(length: tiling.block, elementsPerThread: perThread, warps: tiling.warps)
                .requests(elementBytes: bytes, vector: min(alignment, mask))
            let tensor = frame.add(name, view)
            return isStore
                ? .store(tensor: tensor, elementBytes: bytes, requests: requests)
                : Operand(kind: .load, tensor: tensor, elementBytes: bytes, requests: requests)
        }
        incoming = states("dout", gradients.previousStates, isStore: false, frame: &frame)
        entering = states("out", allocation.previousStates, isStore: false, frame: &frame)
        firstEntering = states("out", allocation.previousStates, isStore: false, widest: storeRun, frame: &frame)
        decay = frame.scalar("dA_cs", allocation.decaySums)
        finalStates = gradients.finalStates.map {
            states("dfinal_states", $0, isStore: false, widest: storeRun, frame: &frame)
        }
        sequence = allocation.sequenceIndex.map { frame.scalar("seq_idx", $0) }
        outgoing = states("dstates", gradients.states, isStore: true, frame: &frame)
        chunkDecay = frame.scalar("ddA_cs", gradients.chunkDecay, .store)
        initialStates = gradients.initialStates.map { states("dinitstates", $0, isStore: true, frame: &frame) }
        converted = gradients.convertedStates.map { states("states_converted", $0, isStore: true, frame: &frame) }
        launch = frame.launch(
            grid: Grid(x: dim.dividedRoundingUp(by: tiling.block), y: shape.batch, z: shape.heads))
    }

    func walk<Sink: OperationSink>(block index: Int, into sink: inout Sink) {
        let (tile, batch, head) = launch.grid.coordinates(of: index)
        let first = tile * block
        let count = min(block, dim - first)
        func states(_ view: TensorView, _ chunk: Int) -> TileRegion {
            view.region(batch: batch, chunk: chunk, head: head, column: first, rows: 1, columns: count)
        }
        func lastDecay(_ chunk: Int) -> TileRegion {
            allocation.decaySums.region(
                batch: batch, chunk: chunk, head: head, column: shape.chunkSize - 1, rows: 1, columns: 1)
        }
        func decayGradient(_ chunk: Int) -> TileRegion {
            gradients.chunkDecay.region(batch: batch, chunk: chunk, head: head, column: tile, rows: 1, columns: 1)
        }
        func loadSequence(_ position: Int, _ sink: inout Sink) {
            guard let sequence, let view = allocation.sequenceIndex else { return }
            sink.access(sequence, view.region(batch: batch, column: position, rows: 1, columns: 1))
        }
        func convert(_ chunk: Int, _ sink: inout Sink) {
            guard let converted, let view = gradients.convertedStates else { return }
            sink.access(converted, states(view, chunk))
        }
        let chunks = shape.chunkCount
        sink.compute(costs.prologue)
        if let finalStates, let view = gradients.finalStates {
            sink.access(finalStates, states(view, 0))
            sink.awaitLoads()
        }
        sink.access(outgoing, states(gradients.states, chunks - 1))
        loadSequence(shape.sequenceLength - 1, &sink)
        for chunk in stride(from: chunks - 1, to: 0, by: -1) {
            sink.access(decay, lastDecay(chunk))
            loadSequence(chunk * shape.chunkSize - 1, &sink)
            sink.access(entering, states(allocation.previousStates, chunk))
            if Sink.isCompiled {
                // The loads of a trip are issued together. Its stores follow the sum.
                sink.access(incoming, states(gradients.previousStates, chunk))
                sink.awaitLoads()
                sink.barrier()
                sink.compute(costs.trip)
            }
            convert(chunk, &sink)
            sink.access(chunkDecay, decayGradient(chunk))
            if !Sink.isCompiled { sink.access(incoming, states(gradients.previousStates, chunk)) }
            sink.access(outgoing, states(gradients.states, chunk - 1))
        }
        if converted != nil {
            sink.access(firstEntering, states(allocation.previousStates, 0))
            sink.awaitLoads()
            convert(0, &sink)
        }
        if let initialStates, let view = gradients.initialStates {
            sink.access(decay, lastDecay(0))
            sink.access(entering, states(allocation.previousStates, 0))
            if Sink.isCompiled { sink.access(incoming, states(gradients.previousStates, 0)) }
            sink.awaitLoads()
            sink.compute(costs.epilogue)
            sink.access(chunkDecay, decayGradient(0))
            if !Sink.isCompiled { sink.access(incoming, states(gradients.previousStates, 0)) }
            sink.access(initialStates, states(view, 0))
        } else {
            sink.compute(costs.epilogue)
            sink.access(chunkDecay, decayGradient(0))
        }
    }
}

extension StatePassBackward {
    /// Gradients of the states, from the last chunk to the first.
    package static let description = SSDKernel(
        name: "state_pass_bwd", function: "_state_passing_bwd_kernel",
        summary: "gradients of the states, from the last chunk on",
        pass: .backward, pipes: .vector,
        axes: GridAxes(chunk: nil, head: .z), fields: ["BLOCK"], candidates: Tiling.stateRuns, tunedBy: [.headStates],
        tuned: { _ in .simple(block: 512) },
        code: SSDCode(
            mix: CostModel.statePassingBackward,
            registers: { max(32, 16 + 4 * RegisterEstimate.runElements($0)) },
            sharedMemory: {
                $0.tiling.block >= 8 * $0.tiling.threads ? 8 * $0.tiling.block : min(16, $0.tiling.block / 8)
            },
            compiled: { _ in CompiledTable.statePassBackward },
            isCompiled: { !$0.hasInitialStates }),
        framework: SSDFramework(after: { glue in
            let shape = glue.shape
            let chunks = shape.batch * shape.heads * shape.chunkCount
            let dim = shape.headDim * shape.stateDim
            let layout = SumKernel.Layout(
                outputs: chunks, innerOutputs: chunks, inputs: dim.dividedRoundingUp(by: glue.tiling.block),
                inputStride: 1,
                outerStride: dim.dividedRoundingUp(by: 64))
            return [
                glue.sum(
                    ("ddA_chunks", glue.own.chunkDecay), layout, into: ("ddA_chunk", glue.sums.chunkDecay),
                    isInner: true)
            ]
        }),
        make: { call throws(KernelError) in
            StatePassBackward(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
