/// The SwiGLU activation's kernels.
package enum SwigluKernels {
    /// Columns of a block that the autotuner tries.
    private static let blocks = [32, 64, 128, 256, 512, 1024]

    static let forward = description(
        name: "swiglu_fwd", function: "_swiglu_fwd_kernel", summary: "the SwiGLU activation", pass: .forward)
    static let backward = description(
        name: "swiglu_bwd", function: "_swiglu_bwd_kernel", summary: "gradients of the SwiGLU activation",
        pass: .backward)
    static let all = [forward, backward]
    package static let kernels = all.map(\.name)

    private static func description(name: String, function: String, summary: String, pass: SSDPass) -> KernelDescription
    {
        KernelDescription(
            name: name, functions: [function], measured: MeasuredNames(nil), summary: summary, pass: pass,
            pipes: .vector,
            tilings: TilingSpace(
                fields: ["BLOCK"], candidates: blocks.map { Tiling(block: $0, warps: 4, stages: 3) }
            ) { layer in layer.block.map { defaultTiling(shape: $0.swiglu) } })
    }

    /// The tiling that a launch takes where none is given: the widest block that the columns fill.
    package static func defaultTiling(shape: SwigluShape) -> Tiling {
        Tiling(block: blocks.last { $0 <= shape.columns } ?? blocks[0], warps: 4, stages: 3)
    }

    /// The generator of one launch in an address space of its own.
    ///
    /// - Parameter tiling: the columns of a block as `block`, and its warps; nil takes `defaultTiling`.
    /// - Throws: `KernelError` for an unknown name, a shape that no launch can have, and a block that is never
    ///   compiled.
    package static func makeSource(
        kernel: String, shape: SwigluShape, tiling: Tiling? = nil
    ) throws(KernelError) -> any KernelGenerator {
        var book = TensorBook()
        return try makeSource(kernel: kernel, shape: shape, tiling: tiling, book: &book)
    }

    /// The generator of one launch among others. `tiling` and errors are as for a launch in an address space of its
    /// own.
    ///
    /// - Parameter book: the run's tensors. Tensors of earlier launches stay where they are; new ones are added.
    static func makeSource(
        kernel: String, shape: SwigluShape, tiling: Tiling? = nil, book: inout TensorBook
    ) throws(KernelError) -> any KernelGenerator {
        guard let found = all.first(where: { $0.name == kernel }) else {
            throw .unknownKernel(name: kernel, known: kernels)
        }
        try shape.validate()
        let tiling = tiling ?? defaultTiling(shape: shape)
        try found.tilings?.validate(tiling, kernel: kernel)
        return Swiglu(shape: shape, tiling: tiling, kernel: found, book: &book)
    }
}

/// The SwiGLU activation, forward and backward.
struct SwigluFamily: KernelFamily {
    let kernels = SwigluKernels.all
    let models = [ModelKind.mamba2]

    /// The block's sizes give the number of columns where no parameter does.
    func parameters(in layer: ModelLayer) -> [LayerParameter] {
        layer.block?.dim == nil && layer.kind == .mamba2 ? [.dim, .heads, .headDim] : [.dim]
    }

    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]] {
        guard let shape = layer.block?.swiglu else { return [] }
        var sources: [[any KernelGenerator]] = []
        for launch in launches {
            sources.append([
                try SwigluKernels.makeSource(
                    kernel: launch.kernel.name, shape: shape, tiling: launch.tiling, book: &book)
            ])
        }
        return sources
    }
}

extension TensorRole {
    /// A tensor of the SwiGLU activation.
    package static func swiglu(_ argument: String) -> TensorRole { TensorRole(family: "swiglu", argument: argument) }
}
