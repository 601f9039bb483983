/// A kernel of the Mamba-1 block: its description and its generator.
struct Mamba1Kernel: Sendable {
    let description: KernelDescription
    let make: @Sendable (Mamba1Shape, inout TensorBook) -> any KernelGenerator

    /// - Parameter functions: as in `KernelDescription`. The kernels have no matrix product, so all run on the vector
    ///   pipes.
    init(
        name: String, functions: [String], variants: [String: LayerParameter] = [:], summary: String, pass: SSDPass,
        make: @escaping @Sendable (Mamba1Shape, inout TensorBook) -> any KernelGenerator
    ) {
        description = KernelDescription(
            name: name, functions: functions, variants: variants, summary: summary, pass: pass, pipes: .vector)
        self.make = make
    }

    var name: String { description.name }

    /// The generator of one launch among others.
    ///
    /// - Parameter book: the run's tensors. Tensors of earlier launches stay where they are; new ones are added.
    /// - Throws: `KernelError` for a shape that no kernel takes.
    func source(shape: Mamba1Shape, book: inout TensorBook) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        return make(shape, &book)
    }
}

/// Mamba-1's CUDA kernels, by the short names that traces, reports and commands use.
package enum Mamba1Kernels {
    static let scans = [SelectiveScanForward.description, SelectiveScanBackward.description]
    static let convolutions = [ConvolutionForward.description, ConvolutionBackward.description]

    /// The launches of a layer's training step, in order.
    package static let step = [
        ConvolutionForward.description, SelectiveScanForward.description, SelectiveScanBackward.description,
        ConvolutionBackward.description,
    ].map(\.description)

    /// Every kernel that `makeSource` knows.
    package static let kernels = (scans + convolutions).map(\.name)

    /// The generator of one launch in an address space of its own.
    ///
    /// - Throws: `KernelError` for an unknown name or a shape that no kernel takes.
    package static func makeSource(kernel: String, shape: Mamba1Shape) throws(KernelError) -> any KernelGenerator {
        var book = TensorBook()
        return try makeSource(kernel: kernel, shape: shape, book: &book)
    }

    /// The generator of one launch among others.
    ///
    /// - Parameter book: the run's tensors. The launch's are added to it.
    /// - Throws: `KernelError` for an unknown name or a shape that no kernel takes.
    package static func makeSource(
        kernel: String, shape: Mamba1Shape, book: inout TensorBook
    ) throws(KernelError) -> any KernelGenerator {
        guard let found = (scans + convolutions).first(where: { $0.name == kernel }) else {
            throw .unknownKernel(name: kernel, known: kernels)
        }
        return try found.source(shape: shape, book: &book)
    }
}
