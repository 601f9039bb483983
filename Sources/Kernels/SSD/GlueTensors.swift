/// Tensors of a backward call that only the framework's own launches write, fp32.
package struct GlueTensors: Equatable, Sendable {
    /// Gradients of the chunks' last decay sums (batch, heads, chunks).
    package let chunkDecay: TensorView
    /// Gradient of D (heads, 1 or head dim), and of a D of one value a head without its last dimension.
    package let skip: TensorView?
    package let skipByHead: TensorView?
    /// Gradients of the decay sums from the states before a position, each chunk from its end; their running sums;
    /// these in order.
    package let reversed: TensorView
    package let reversedSums: TensorView
    package let fromPrevious: TensorView
    /// Those from the states before and after a position.
    package let addend: TensorView
    /// What blocks that share an output of a sum leave for each other.
    package let staging: TensorView

    /// - Parameter workspaceBytes: the largest of the tensors that few outputs are summed from.
    init(maker: inout TensorMaker, workspaceBytes: Int) {
        let shape = maker.shape
        chunkDecay = maker.view(elements: shape.batch * shape.heads * shape.chunkCount, type: .f32)
        skip =
            shape.skip == .none
            ? nil : maker.view(elements: shape.heads * (shape.skip == .perChannel ? shape.headDim : 1), type: .f32)
        skipByHead = shape.skip == .perHead ? maker.perHead(.f32) : nil
        reversed = maker.perPosition()
        reversedSums = maker.perPosition()
        // The first of the two is freed once its sums are made.
        fromPrevious = reversed
        addend = maker.perPosition()
        staging = maker.view(elements: workspaceBytes / 4, type: .f32)
    }
}
