import Trace

/// The arguments that all four forms of the causal convolution take.
struct ConvolutionArguments: Sendable {
    let x: Argument
    /// (channels, taps), of the activations' type.
    let weight: Argument
    let bias: Argument?

    init(shape: Mamba1Shape, list: inout ArgumentList) {
        x = Self.activations("x", shape, &list)
        weight = list.add(
            "weight", shape.elementType, elements: shape.dim * shape.width, rowStride: shape.width)
        bias = shape.hasBias ? list.add("bias", shape.elementType, elements: shape.dim) : nil
    }

    /// A (batch, channels, positions) tensor. Its rows are positions where channels lie side by side, else channels.
    static func activations(
        _ name: String, _ shape: Mamba1Shape, _ list: inout ArgumentList, role: TensorRole? = nil
    ) -> Argument {
        let perBatch = shape.dim * shape.sequenceLength
        return list.add(
            name, shape.elementType, elements: shape.batch * perBatch, batchStride: perBatch,
            rowStride: shape.isChannelLast ? shape.dim : shape.sequenceLength, role: role)
    }

    /// The output. Where positions lie side by side it is the selective scan's u, in the layout that the scan takes.
    static func out(_ shape: Mamba1Shape, _ list: inout ArgumentList) -> Argument {
        activations("out", shape, &list, role: shape.isChannelLast ? nil : .scan("u"))
    }

    /// The output's gradient. Where positions lie side by side, the scan's backward pass leaves it as its gradient of
    /// u.
    static func outGradient(_ shape: Mamba1Shape, _ list: inout ArgumentList) -> Argument {
        activations("dout", shape, &list, role: shape.isChannelLast ? nil : .scan("du"))
    }

    static let threads = 128
    static let warps = 4
}
