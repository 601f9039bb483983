/// A kernel of the SSD call: its description, what the compiler makes of it, how its autotuner chooses, and its
/// generator.
package struct SSDKernel: Sendable {
    package let description: KernelDescription
    let code: SSDCode
    /// The framework's launches around it in the backward pass.
    let framework: SSDFramework
    /// Whether a call without a gate leaves it out.
    let needsGate: Bool
    private let make: @Sendable (SSDCall) throws(KernelError) -> any KernelGenerator

    /// - Parameters:
    ///   - fields, candidates: as in `TilingSpace`.
    ///   - tunedBy: the sizes by which the autotuner tells calls apart.
    ///   - tuned: selects the kernel's tiling from what the autotuner chose for a measured shape.
    init(
        name: String, function: String, measured: MeasuredNames? = nil, summary: String, pass: SSDPass,
        factors: [ProductFactor] = [.b], needsGate: Bool = false, pipes: KernelPipes,
        axes: GridAxes = .chunksAndHeads, fields: [String], candidates: [Tiling], tunedBy sizes: [TunerSize],
        tuned: @escaping @Sendable (MeasuredChoice) -> Tiling, code: SSDCode,
        framework: SSDFramework = SSDFramework(),
        make: @escaping @Sendable (SSDCall) throws(KernelError) -> any KernelGenerator
    ) {
        description = KernelDescription(
            name: name, functions: [function], measured: measured, summary: summary, pass: pass, factors: factors,
            pipes: pipes, axes: axes,
            tilings: TilingSpace(fields: fields, candidates: candidates) { layer in
                layer.block.map { tuned(MeasuredChoice.nearest(to: $0.ssd, sizes: sizes)) }
            })
        self.code = code
        self.framework = framework
        self.needsGate = needsGate
        self.make = make
    }

    package var name: String { description.name }

    /// The tiling that the autotuner chose for the measured shape nearest to `shape`.
    package func defaultTiling(shape: SSDShape) -> Tiling {
        description.tilings?.defaultTiling(in: .mamba2(Mamba2Block(ssd: shape))) ?? Tiling(warps: 4, stages: 3)
    }

    /// Instructions per warp at a tiling.
    /// - Parameter recomputing: whether this is state_pass_fwd in the backward pass, which writes f32 states and is
    ///   unrolled.
    package func stageCosts(tiling: Tiling, shape: SSDShape, recomputing: Bool = false) -> StageCosts {
        code.mix(SSDVariant(tiling: tiling, shape: shape, isRecomputing: recomputing)).costs
    }

    /// Registers and shared memory at a tiling.
    package func resources(tiling: Tiling, shape: SSDShape, recomputing: Bool = false) -> CompiledResources {
        code.resources(SSDVariant(tiling: tiling, shape: shape, isRecomputing: recomputing))
    }

    /// Instructions per warp of a launch on a call's tensors.
    func costs(tiling: Tiling, allocation: SSDAllocation) -> StageCosts {
        stageCosts(tiling: tiling, shape: allocation.shape, recomputing: allocation.pass == .backward)
    }

    /// The generator of one launch.
    /// - Throws: `KernelError` for a shape that no kernel takes, or a tiling that this kernel cannot run.
    func source(
        tiling: Tiling?, allocation: SSDAllocation, factor: ProductFactor, isCausalProduct: Bool
    ) throws(KernelError) -> any KernelGenerator {
        try allocation.shape.validate()
        let tiling = tiling ?? defaultTiling(shape: allocation.shape)
        try description.tilings?.validate(tiling, kernel: name)
        return try make(
            SSDCall(
                kernel: name, tiling: tiling, allocation: allocation, factor: factor, isCausalProduct: isCausalProduct))
    }
}

/// What a generator of the SSD call is made from.
struct SSDCall {
    let kernel: String
    let tiling: Tiling
    /// The call's tensors. Their shape is the launch's.
    let allocation: SSDAllocation
    /// The factor whose gradient bmm_ch_bwd makes.
    let factor: ProductFactor
    /// Whether bmm_ch_fwd leaves out tiles above the diagonal. The combined forward computes them.
    let isCausalProduct: Bool

    /// The backward pass's own tensors.
    /// - Throws: `KernelError.missingOption` where the call is a forward call.
    func gradients() throws(KernelError) -> SSDGradients {
        guard let own = allocation.gradients else {
            throw .missingOption(kernel: kernel, option: "the tensors of a backward pass")
        }
        return own
    }
}

extension KernelFrame {
    /// The frame of a kernel of the SSD call.
    init(
        _ kernel: SSDKernel, tiling: Tiling, allocation: SSDAllocation, dividesByBatch: Bool = false,
        dividesByGroups: Bool = false
    ) {
        let shape = allocation.shape
        self.init(
            kernel: kernel.name, tiling: tiling, shape: shape,
            resources: kernel.resources(tiling: tiling, shape: shape, recomputing: allocation.pass == .backward),
            book: allocation.book, dividesByBatch: dividesByBatch, dividesByGroups: dividesByGroups)
    }
}
