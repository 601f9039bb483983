/// The kernels of the SSD call, forward and backward.
struct SSDFamily: KernelFamily {
    let kernels: [KernelDescription] = SSDKernels.all.map(\.description)
    let models = [ModelKind.mamba2]
    var isOneCall: Bool { true }

    /// The parameters of the call. They are the same with and without the framework's launches.
    static let callParameters: [LayerParameter] = [
        .chunkSize, .heads, .headDim, .groups, .stateDim, .timeStepDtype, .d, .gate, .sequenceIndex, .initialStates,
        .noTimeStepBias, .packed,
    ]

    func parameters(in layer: ModelLayer) -> [LayerParameter] { Self.callParameters + [.withGlue] }

    /// Forward launches use the tensors of the forward pass, backward launches those of the backward pass.
    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]] {
        guard let shape = layer.block?.ssd else { return [] }
        let forward = SSDAllocation(shape: shape)
        let backward = SSDAllocation(shape: shape, pass: .backward)
        var sources: [[any KernelGenerator]] = []
        for launch in launches {
            let ssd = SSDLaunch(kernel: launch.kernel.name, factor: launch.factor)
            let isBackward = launch.pass == .backward
            sources.append(
                isBackward && launch.hasFramework
                    ? try FrameworkGlue.sources(of: ssd, tiling: launch.tiling, allocation: backward)
                    : [
                        try SSDKernels.makeSource(
                            ssd, tiling: launch.tiling, allocation: isBackward ? backward : forward)
                    ])
        }
        backward.enter(into: &book, behind: sources.joined().lazy.map(\.launch))
        return sources
    }
}
