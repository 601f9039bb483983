import Trace

/// state_pass_fwd: carries the states from chunk to chunk. A block handles a run of one head's states.
///
/// Grid (blocks of head dim times state dim, batch, heads). A block is a serial chain over the chunks, with plain loads
/// and stores. The states are stored in the element type in the forward pass, and in fp32 when the backward pass runs
/// the kernel again.
package struct StatePassForward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let block: Int
    private let dim: Int
    private let allocation: SSDAllocation
    /// Chunks whose loads the compiler issues together.
    private let chunksAhead: Int
    private let states: Operand
    private let out: Operand
    private let finalStates: Operand
    private let decay: Operand
    private let initial: Operand?
    private let sequence: Operand?
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation)
        let shape = frame.shape
        self.shape = shape
        self.allocation = allocation
        block = tiling.block
        dim = shape.headDim * shape.stateDim
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let mask = ArgumentAlignment.maskElements(limits: [dim])
        let outBytes = allocation.previousStates.elementType.byteCount

        /// Requests of a block of `view`. Its layout is made for vectors of `widest` elements where that is more than
        /// its own.
        func requests(_ view: TensorView, widest: Int = 1) -> RequestShape {
            let bytes = view.elementType.byteCount
            let alignment = frame.chunkAlignment(of: view)
            let wanted = max(min(alignment, 16 / bytes), widest)
            let perThread = max(1, min(wanted, tiling.block / tiling.threads))
            return BlockedLayout(length: tiling.block, elementsPerThread: perThread, warps: tiling.warps)
                .requests(elementBytes: bytes, vector: min(alignment, mask))
        }
        states = Operand(
            kind: .load, tensor: frame.add("states", allocation.states), elementBytes: 4,
            requests: requests(allocation.states))
        out = .store(
            tensor: frame.add("out", allocation.previousStates), elementBytes: outBytes,
            requests: requests(allocation.previousStates))
        finalStates = .store(
            tensor: frame.add("final_states", allocation.finalStates), elementBytes: 4,
            requests: requests(allocation.finalStates))
        let scalar = RequestShape.scalar(elementBytes: 4, warps: tiling.warps)
        decay = Operand(
            kind: .load, tensor: frame.add("dA_cs", allocation.decaySums), elementBytes: 4, requests: scalar)
        if let view = allocation.initialStates {
            // The first store stores this load's value, so the load has as wide a layout as the store.
            let outAlignment = frame.chunkAlignment(of: allocation.previousStates)
            initial = Operand(
                kind: .load, tensor: frame.add("initstates", view), elementBytes: view.elementType.byteCount,
                requests: requests(view, widest: min(outAlignment, 16 / outBytes)))
        } else {
            initial = nil
        }
        if let view = allocation.sequenceIndex {
            sequence = Operand(kind: .load, tensor: frame.add("seq_idx", view), elementBytes: 4, requests: scalar)
        } else {
            sequence = nil
        }
        // The branch on the last chunk keeps the compiler from unrolling the 16-bit form. The fp32 form runs four
        // chunks at a time.
        chunksAhead = outBytes == 4 && tiling.block < 2048 ? 4 : 1
        launch = frame.launch(
            grid: Grid(x: dim.dividedRoundingUp(by: tiling.block), y: shape.batch, z: shape.heads))
    }

    /// Where one block works.
    private struct Place {
        var batch: Int
        var head: Int
        var first: Int
        var count: Int
    }

    private func place(ofBlock index: Int) -> Place {
        let (tile, batch, head) = launch.grid.coordinates(of: index)
        let first = tile * block
        return Place(batch: batch, head: head, first: first, count: min(block, dim - first))
    }

    @inline(__always)
    private func statesRegion(_ view: TensorView, _ place: Place, chunk: Int) -> TileRegion {
        view.region(
            batch: place.batch, chunk: chunk, head: place.head, column: place.first, rows: 1, columns: place.count)
    }

    @inline(__always)
    private func decayRegion(_ place: Place, chunk: Int) -> TileRegion {
        allocation.decaySums.region(
            batch: place.batch, chunk: chunk, head: place.head, column: shape.chunkSize - 1, rows: 1, columns: 1)
    }

    /// The index of the last position of a chunk.
    @inline(__always)
    private func sequenceRegion(_ view: TensorView, _ place: Place, chunk: Int) -> TileRegion {
        let position = min((chunk + 1) * shape.chunkSize, shape.sequenceLength) - 1
        return view.region(batch: place.batch, column: position, rows: 1, columns: 1)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = place(ofBlock: block)
        sink.compute(costs.prologue)
        if let initial, let view = allocation.initialStates {
            sink.access(initial, statesRegion(view, place, chunk: 0))
            sink.awaitLoads()
        }
        sink.access(out, statesRegion(allocation.previousStates, place, chunk: 0))
        let chunks = shape.chunkCount
        let ahead = Sink.isCompiled ? chunksAhead : 1
        var first = 0
        while first < chunks {
            let end = first + ahead <= chunks ? first + ahead : first + 1
            for chunk in first..<end {
                sink.access(states, statesRegion(allocation.states, place, chunk: chunk))
                sink.access(decay, decayRegion(place, chunk: chunk))
                if let sequence, let view = allocation.sequenceIndex {
                    sink.access(sequence, sequenceRegion(view, place, chunk: chunk))
                }
            }
            sink.awaitLoads()
            for chunk in first..<end {
                // Outputs of eight elements a thread pass through shared memory to the layout of their store.
                if launch.sharedMemoryBytesPerBlock > 0 { sink.barrier() }
                sink.compute(costs.trip)
                if chunk + 1 < chunks {
                    sink.access(out, statesRegion(allocation.previousStates, place, chunk: chunk + 1))
                } else {
                    sink.access(finalStates, statesRegion(allocation.finalStates, place, chunk: 0))
                }
            }
            first = end
        }
        sink.compute(costs.epilogue)
    }
}

extension StatePassForward {
    /// The states that enter each chunk, from chunk to chunk.
    package static let description = SSDKernel(
        name: "state_pass_fwd", function: "_state_passing_fwd_kernel", summary: "the states that enter each chunk",
        pass: .forward, pipes: .vector,
        axes: GridAxes(chunk: nil, head: .z), fields: ["BLOCK"], candidates: Tiling.stateRuns, tunedBy: [.headStates],
        tuned: { _ in .simple(block: 1024) },
        code: SSDCode(
            mix: CostModel.statePassingForward,
            registers: { variant in
                let elements = RegisterEstimate.runElements(variant)
                return variant.isRecomputing ? max(28, 24 + elements) : 18 + 1.9 * elements
            },
            sharedMemory: SharedMemoryEstimate.statePassing,
            compiled: { $0.isRecomputing ? CompiledTable.statePassRecomputing : CompiledTable.statePassForward },
            isCompiled: { !$0.hasInitialStates }),
        make: { StatePassForward(tiling: $0.tiling, allocation: $0.allocation) })
}
