/// Mamba-1's CUDA kernels, by the short names that traces, reports and commands use.
package enum Mamba1Kernels {
    /// Every kernel that `makeSource` knows.
    package static let kernels = ["sel_scn_fwd", "sel_scn_bwd", "conv1d_fwd", "conv1d_bwd"]

    /// The generator of one launch in an address space of its own.
    ///
    /// - Throws: `KernelError` for an unknown name or a shape that no kernel takes.
    package static func makeSource(kernel: String, shape: Mamba1Shape) throws(KernelError) -> any KernelGenerator {
        var book = TensorBook()
        return try makeSource(kernel: kernel, shape: shape, book: &book)
    }

    /// The generator of one launch among others.
    ///
    /// - Parameter book: the run's tensors: those that launches before have made stay where they are, others are added.
    /// - Throws: `KernelError` for an unknown name or a shape that no kernel takes.
    package static func makeSource(
        kernel: String, shape: Mamba1Shape, book: inout TensorBook
    ) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        switch kernel {
        case "sel_scn_fwd": return SelectiveScanForward(shape: shape, book: &book)
        case "sel_scn_bwd": return SelectiveScanBackward(shape: shape, book: &book)
        case "conv1d_fwd":
            return shape.isChannelLast
                ? ChannelLastConvolutionForward(shape: shape, book: &book) : ConvolutionForward(shape: shape, book: &book)
        case "conv1d_bwd":
            return shape.isChannelLast
                ? ChannelLastConvolutionBackward(shape: shape, book: &book) : ConvolutionBackward(shape: shape, book: &book)
        default: throw .unknownKernel(name: kernel, known: kernels)
        }
    }
}
