/// A kernel of the gated layer norm: its description and its generator. Measured tables name it after the measured
/// form, which is the RMS norm.
struct NormKernel: Sendable {
    let description: KernelDescription
    let make: @Sendable (GatedNormAllocation) -> any KernelGenerator

    var name: String { description.name }
}

/// The gated layer norm's kernels.
package enum NormKernels {
    static let all = [GatedNormForward.description, GatedNormBackward.description]
    package static let kernels = all.map(\.name)

    /// The generator of one launch in an address space of its own.
    ///
    /// - Throws: `KernelError` for an unknown name and for a shape that no launch can have.
    package static func makeSource(kernel: String, shape: GatedNormShape) throws(KernelError) -> any KernelGenerator {
        var book = TensorBook()
        return try makeSource(kernel: kernel, shape: shape, book: &book)
    }

    /// The generator of one launch among others.
    ///
    /// - Parameter book: the run's tensors. The tensors of both passes are added to it.
    /// - Throws: `KernelError` for an unknown name and for a shape that no launch can have.
    package static func makeSource(
        kernel: String, shape: GatedNormShape, book: inout TensorBook
    ) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        guard let found = all.first(where: { $0.name == kernel }) else {
            throw .unknownKernel(name: kernel, known: kernels)
        }
        return found.make(GatedNormAllocation(shape: shape, book: &book))
    }
}

/// The gated layer norm, forward and backward.
struct NormFamily: KernelFamily {
    let kernels: [KernelDescription] = NormKernels.all.map(\.description)
    let models = [ModelKind.mamba2]

    func parameters(in layer: ModelLayer) -> [LayerParameter] { [.heads, .headDim, .groups] }

    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]] {
        guard let shape = layer.block?.norm else { return [] }
        var sources: [[any KernelGenerator]] = []
        for launch in launches {
            sources.append([try NormKernels.makeSource(kernel: launch.kernel.name, shape: shape, book: &book)])
        }
        return sources
    }
}

extension GatedNormForward {
    static let description = NormKernel(
        description: KernelDescription(
            name: "ln_gated_fwd", functions: ["_layer_norm_fwd_1pass_kernel"],
            measured: MeasuredNames("rmsnorm_gated_fwd"), summary: "the gated norm", pass: .forward, pipes: .vector),
        make: { GatedNormForward(allocation: $0) })
}

extension GatedNormBackward {
    static let description = NormKernel(
        description: KernelDescription(
            name: "ln_gated_bwd", functions: ["_layer_norm_bwd_kernel"],
            measured: MeasuredNames("rmsnorm_gated_bwd"), summary: "gradients of the gated norm", pass: .backward,
            pipes: .vector),
        make: { GatedNormBackward(allocation: $0) })
}

extension TensorRole {
    /// A tensor of the gated layer norm.
    package static func norm(_ argument: String) -> TensorRole { TensorRole(family: "norm", argument: argument) }
}
