/// The forward call of the SSD in one launch.
struct FusedFamily: KernelFamily {
    let kernels = [SSDFused.description]
    let models = [ModelKind.mamba2]
    var isOneCall: Bool { true }

    func parameters(in layer: ModelLayer) -> [LayerParameter] { SSDFamily.callParameters }

    /// The inputs and the output are the forward call's. The other tensors lie behind what earlier launches have taken.
    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]] {
        guard let shape = layer.block?.ssd else { return [] }
        let forward = SSDAllocation(shape: shape)
        let backward = SSDAllocation(shape: shape, pass: .backward)
        book.reserve(behind: backward.localMemoryAddress)
        let tensors = FusedTensors(allocation: forward, memory: DeviceMemory(behind: book.end))
        var sources: [[any KernelGenerator]] = []
        for launch in launches {
            let kernel = try SSDFused.makeSource(tiling: launch.tiling, allocation: forward, tensors: tensors)
            sources.append(
                launch.hasFramework
                    ? FusedGlue.launchesBefore(tensors) + [kernel] + FusedGlue.launchesAfter(tensors) : [kernel])
        }
        backward.enter(into: &book, behind: sources.joined().lazy.map(\.launch))
        return sources
    }
}

extension SSDFused {
    /// The forward call of the SSD in one launch. Its blocks wait for each other.
    package static let description = KernelDescription(
        name: kernel, functions: ["_fused5_ssd_kernel"], summary: "the whole forward call in one launch",
        pass: .forward,
        pipes: .both,
        // No table says what the autotuner chose for which shape. The measured launches have the first configuration.
        tilings: TilingSpace(fields: ["K"], candidates: FusedBlocks.tilings, stages: 1...1, isTuned: false) { layer in
            layer.block.map { _ in FusedBlocks.tilings[0] }
        })

    /// The fused forward call. It has tensors of its own beside the call's.
    /// - Parameter tiling: nil takes the autotuner's first configuration.
    /// - Throws: `KernelError` for a shape that no kernel takes, or a tiling that this kernel cannot run.
    package static func makeSource(
        tiling: Tiling? = nil, allocation: SSDAllocation, tensors: FusedTensors
    ) throws(KernelError) -> SSDFused {
        let shape = allocation.shape
        try shape.validate()
        let tiling = tiling ?? FusedBlocks.tilings[0]
        try description.tilings?.validate(tiling, kernel: kernel)
        // Flags are numbered with 32 bits.
        guard FusedTensors.syncWords(shape) <= Int(UInt32.max) else {
            throw .badShape(
                field: "batch", value: shape.batch,
                cure:
                    "batch times heads, head dim and state dim exceeds ssd_fused's \(UInt32.max) counters; make it smaller"
            )
        }
        return SSDFused(tiling: tiling, allocation: allocation, tensors: tensors)
    }
}
