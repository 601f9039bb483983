import Kernels
import Trace

/// The causal convolution of Mamba's blocks, forward and backward, as the package causal-conv1d launches it.
///
/// Inputs of `_causal_conv1d_fwd_cpp`: x (batch, channels, positions), the weights (channels, taps) and the bias;
/// output: that of x. `_causal_conv1d_bwd_cpp` has the output's gradient behind the inputs; its outputs are the
/// gradients of x, weights and bias. The attribute `activation` is `silu` (without it) or `none`.
struct CausalConvolutionFamily: OperatorFamily {
    private static let forward = "DaoAILab::_causal_conv1d_fwd_cpp"
    private static let backward = "DaoAILab::_causal_conv1d_bwd_cpp"

    let operators = [forward, backward]
    let category = OperatorCategory.conv1d

    func launches(
        of op: Operator, places: inout TensorPlaces
    ) throws(OperatorDefect) -> [any BlockProgramSource]? {
        let isBackward = op.base == Self.backward
        let hasBias = op.inputs.count == (isBackward ? 4 : 3)
        let outputs = isBackward ? hasBias ? 3 : 2 : 1
        guard hasBias || op.inputs.count == (isBackward ? 3 : 2), op.outputs.count == outputs,
            op.inputs[0].shape.count == 3, op.inputs[1].shape.count == 2, let type = op.inputs[0].type.value
        else {
            throw OperatorDefect(
                "\(op.name) has \(op.inputs.count) inputs and \(op.outputs.count) outputs of unfit shapes",
                cure: "give x, weights, bias\(isBackward ? ", the output's gradient" : "") and what is written")
        }
        let x = op.inputs[0]
        var shape = Mamba1Shape(batch: x.shape[0], dim: x.shape[1], sequenceLength: x.shape[2])
        shape.isChannelLast = x.strides[1] == 1 && x.strides[2] != 1
        shape.width = op.inputs[1].shape[1]
        shape.hasBias = hasBias
        shape.elementType = type
        shape.hasSiLU = op.attributes["activation"] != .text("none")
        shape.multiprocessorCount = places.multiprocessors
        let own = places
        func activations(_ tensor: OperatorTensor) -> TensorView {
            let strides = tensor.strides
            return own.view(
                of: tensor, as: type, batchStride: strides[0], rowStride: shape.isChannelLast ? strides[2] : strides[1])
        }
        func give(_ book: inout TensorBook, _ view: TensorView, _ argument: String) {
            book.give(view, as: .convolution(argument))
        }
        return try places.behind { book throws(KernelError) in
            give(&book, activations(x), "x")
            give(&book, own.view(of: op.inputs[1], as: type, rowStride: shape.width), "weight")
            if hasBias { give(&book, own.view(of: op.inputs[2], as: type), "bias") }
            if isBackward {
                let gradient = activations(op.inputs[op.inputs.count - 1])
                give(&book, gradient, "dout")
                // Where positions lie side by side, the kernels call it the gradient of the scan's u.
                book.give(gradient, as: .scan("du"))
                give(&book, activations(op.outputs[0]), "dx")
                give(&book, own.view(of: op.outputs[1], as: .f32, rowStride: shape.width), "dweight")
                if hasBias { give(&book, own.view(of: op.outputs[2], as: .f32), "dbias") }
            } else {
                give(&book, activations(op.outputs[0]), "out")
                book.give(activations(op.outputs[0]), as: .scan("u"))
            }
            return [
                try Mamba1Kernels.makeSource(
                    kernel: isBackward ? "conv1d_bwd" : "conv1d_fwd", shape: shape, book: &book)
            ]
        }
    }
}
