/// Tensors of a backward call that only the framework's own launches write. All are fp32.
package struct GlueTensors: Equatable, Sendable {
    /// Gradients of the chunks' last decay sums (batch, heads, chunks).
    package let chunkDecay: TensorView
    /// The gradient of D (heads, 1 or head dim). Where D has one value a head, `skipByHead` is the same without the
    /// last dimension.
    package let skip: TensorView?
    package let skipByHead: TensorView?
    /// Gradients of the decay sums from the states before a position. First each chunk is reversed, then running sums
    /// are made, then the sums are put back in order.
    package let reversed: TensorView
    package let reversedSums: TensorView
    package let fromPrevious: TensorView
    /// The sum of the gradients from the states before and after a position.
    package let addend: TensorView
    /// Values that blocks leave for each other where they share an output of a sum.
    package let staging: TensorView

    /// - Parameter workspaceBytes: size of the largest tensor that is summed to few outputs.
    init(maker: inout TensorMaker, workspaceBytes: Int) {
        let shape = maker.shape
        chunkDecay = maker.view(elements: shape.batch * shape.heads * shape.chunkCount, type: .f32)
        skip =
            shape.skip == .none
            ? nil : maker.view(elements: shape.heads * (shape.skip == .perChannel ? shape.headDim : 1), type: .f32)
        skipByHead = shape.skip == .perHead ? maker.perHead(.f32) : nil
        reversed = maker.perPosition()
        reversedSums = maker.perPosition()
        // `reversed` is freed once its running sums are made, so `fromPrevious` lies there.
        fromPrevious = reversed
        addend = maker.perPosition()
        staging = maker.view(elements: workspaceBytes / 4, type: .f32)
    }
}
