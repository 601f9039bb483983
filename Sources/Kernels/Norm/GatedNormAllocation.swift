/// Addresses and strides of every tensor that both passes of one gated layer norm share.
///
/// The head stride of a view is the stride of a group of columns.
package struct GatedNormAllocation: Equatable, Sendable {
    package let shape: GatedNormShape
    package let x: TensorView
    package let z: TensorView?
    package let weight: TensorView
    package let bias: TensorView?
    package let y: TensorView
    /// Mean and `reciprocalDeviation` are fp32 (groups, rows). The mean is nil where the norm subtracts none.
    package let mean: TensorView?
    package let reciprocalDeviation: TensorView
    package let yGradient: TensorView
    package let xGradient: TensorView
    package let zGradient: TensorView?
    /// The output that the backward pass writes again.
    package let recomputedY: TensorView?
    /// Like `biasGradient`, partial sums of each row group, fp32 (row groups, columns).
    package let weightGradient: TensorView
    package let biasGradient: TensorView?

    /// Takes the tensors from `book`. The book lays new ones out in the order in which a training script makes them.
    package init(shape: GatedNormShape, book: inout TensorBook) {
        self.shape = shape
        let group = shape.groupSize
        func rows(_ name: String, stride: Int) -> TensorView {
            book.view(
                .norm(name), elements: shape.rows * stride, type: shape.elementType, headStride: group,
                rowStride: stride)
        }
        func perRow(_ name: String) -> TensorView {
            book.view(
                .norm(name), elements: shape.groups * shape.rows, type: .f32, headStride: shape.rows, rowStride: 1)
        }
        func parameter(_ name: String) -> TensorView {
            book.view(.norm(name), elements: shape.columns, type: shape.parameterType, headStride: group)
        }
        func partialSums(_ name: String) -> TensorView {
            book.view(
                .norm(name), elements: shape.rowGroups * shape.columns, type: .f32, headStride: group,
                rowStride: shape.columns)
        }
        x = rows("x", stride: shape.rowStride)
        z = shape.hasGate ? rows("z", stride: shape.rowStride) : nil
        weight = parameter("weight")
        bias = shape.hasBias ? parameter("bias") : nil
        y = rows("y", stride: shape.columns)
        mean = shape.isRMS ? nil : perRow("mean")
        reciprocalDeviation = perRow("rstd")
        yGradient = rows("dy", stride: shape.rowStride)
        xGradient = rows("dx", stride: shape.columns)
        zGradient = shape.hasGate ? rows("dz", stride: shape.columns) : nil
        recomputedY = shape.recomputesOutput ? rows("y again", stride: shape.columns) : nil
        weightGradient = partialSums("dweight")
        biasGradient = shape.hasBias ? partialSums("dbias") : nil
    }
}
