/// The launches that PyTorch makes around ssd_fused. Before it, they set the states before the first chunk (to zeros or
/// to the initial states) and clear the counters. After it, one copies the final states.
///
/// The kernels themselves were not recorded. Fills are as measured elsewhere (docs/framework-launches.md). Copies are
/// priced as additions, strided copies as flips. Two 16-bit elements move as one word.
///
/// *Source:* fused.md section 2, points b, c and e.
package enum FusedGlue {
    package static func launchesBefore(_ tensors: FusedTensors) -> [any KernelGenerator] {
        let states = rows(tensors.states, tensors, row: 0)
        let first: ElementwiseKernel =
            if let initial = tensors.initialStates {
                .copyRuns(("initial_states", rows(initial, tensors, row: 0)), into: ("states_G", states))
            } else {
                .fillRuns("states_G", states)
            }
        return [first, ElementwiseKernel.fill("sync_atomic", tensors.sync)]
    }

    package static func launchesAfter(_ tensors: FusedTensors) -> [any KernelGenerator] {
        let last = rows(tensors.states, tensors, row: tensors.shape.chunkCount)
        return [
            ElementwiseKernel.copyRuns(
                ("states_G", last), into: ("final_states", rows(tensors.finalStates, tensors, row: 0)))
        ]
    }

    /// One row of the states of every sequence.
    private static func rows(_ view: TensorView, _ tensors: FusedTensors, row: Int) -> WordRuns {
        let shape = tensors.shape
        let bytes = view.elementType.byteCount
        var first = view
        first.offsetBytes += row * view.chunkStride * bytes
        return WordRuns(
            view: first, runs: shape.batch,
            length: (shape.heads * shape.headDim * shape.stateDim * bytes).dividedRoundingUp(by: 4),
            stride: view.batchStride * bytes / 4)
    }
}

/// Runs of 4-byte words. All have the same length, and they start at equal distances from a view's first element on.
struct WordRuns {
    let view: TensorView
    let runs: Int
    let length: Int
    let stride: Int

    var isContiguous: Bool { runs == 1 || stride == length }
}
