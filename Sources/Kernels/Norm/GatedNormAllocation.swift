/// Addresses and strides of every tensor that both passes of one gated layer norm share.
///
/// A view's head stride is that of a group of columns.
package struct GatedNormAllocation: Equatable, Sendable {
    package let shape: GatedNormShape
    package let x: TensorView
    package let z: TensorView?
    package let weight: TensorView
    package let bias: TensorView?
    package let y: TensorView
    /// fp32 (groups, rows), as is `reciprocalDeviation`; absent without a mean.
    package let mean: TensorView?
    package let reciprocalDeviation: TensorView
    package let yGradient: TensorView
    package let xGradient: TensorView
    package let zGradient: TensorView?
    /// The output that the backward pass writes again.
    package let recomputedY: TensorView?
    /// Partial sums of each row group, fp32 (row groups, columns), as is `biasGradient`.
    package let weightGradient: TensorView
    package let biasGradient: TensorView?

    /// Lays the tensors out in `memory`, in the order in which a training script makes them.
    package init(shape: GatedNormShape, memory: DeviceMemory = DeviceMemory()) {
        self.shape = shape
        var memory = memory
        let group = shape.groupSize
        func rows(stride: Int) -> TensorView {
            memory.view(elements: shape.rows * stride, type: shape.elementType, rowStride: stride, groupStride: group)
        }
        func perRow() -> TensorView {
            memory.view(elements: shape.groups * shape.rows, type: .f32, rowStride: 1, groupStride: shape.rows)
        }
        func parameter() -> TensorView {
            memory.view(elements: shape.columns, type: shape.parameterType, groupStride: group)
        }
        func partialSums() -> TensorView {
            memory.view(
                elements: shape.rowGroups * shape.columns, type: .f32, rowStride: shape.columns, groupStride: group)
        }
        x = rows(stride: shape.rowStride)
        z = shape.hasGate ? rows(stride: shape.rowStride) : nil
        weight = parameter()
        bias = shape.hasBias ? parameter() : nil
        y = rows(stride: shape.columns)
        mean = shape.isRMS ? nil : perRow()
        reciprocalDeviation = perRow()
        yGradient = rows(stride: shape.rowStride)
        xGradient = rows(stride: shape.columns)
        zGradient = shape.hasGate ? rows(stride: shape.columns) : nil
        recomputedY = shape.recomputesOutput ? rows(stride: shape.columns) : nil
        weightGradient = partialSums()
        biasGradient = shape.hasBias ? partialSums() : nil
    }
}
