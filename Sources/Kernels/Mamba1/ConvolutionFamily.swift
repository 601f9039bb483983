/// The causal convolution of both Mamba blocks, forward and backward.
struct ConvolutionFamily: KernelFamily {
    let kernels: [KernelDescription] = Mamba1Kernels.convolutions.map(\.description)
    let models = [ModelKind.mamba1, .mamba2]

    /// The block's sizes give the number of channels where no parameter does.
    func parameters(in layer: ModelLayer) -> [LayerParameter] {
        let own: [LayerParameter] = [.dim, .width, .channelLast]
        guard let block = layer.block, block.dim == nil else { return own }
        return own + [.heads, .headDim, .groups, .stateDim]
    }

    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]] {
        let shape: Mamba1Shape
        switch layer {
        case .mamba1(let own): shape = own
        case .mamba2(let block): shape = try block.launchedConvolution()
        }
        var sources: [[any KernelGenerator]] = []
        for launch in launches {
            for kernel in Mamba1Kernels.convolutions where kernel.name == launch.kernel.name {
                sources.append([try kernel.source(shape: shape, book: &book)])
            }
        }
        return sources
    }
}

extension ConvolutionForward {
    static let description = Mamba1Kernel(
        name: "conv1d_fwd", functions: ["causal_conv1d_fwd_kernel"],
        variants: ["causal_conv1d_channellast_fwd_kernel": .channelLast],
        summary: "the causal convolution", pass: .forward
    ) { shape, book in
        if shape.isChannelLast { return ChannelLastConvolutionForward(shape: shape, book: &book) }
        return ConvolutionForward(shape: shape, book: &book)
    }
}

extension ConvolutionBackward {
    static let description = Mamba1Kernel(
        name: "conv1d_bwd", functions: ["causal_conv1d_bwd_kernel"],
        variants: ["causal_conv1d_channellast_bwd_kernel": .channelLast],
        summary: "gradients of the causal convolution", pass: .backward
    ) { shape, book in
        if shape.isChannelLast { return ChannelLastConvolutionBackward(shape: shape, book: &book) }
        return ConvolutionBackward(shape: shape, book: &book)
    }
}

extension TensorRole {
    /// A tensor of the causal convolution.
    package static func convolution(_ argument: String) -> TensorRole {
        TensorRole(family: "convolution", argument: argument)
    }
}
