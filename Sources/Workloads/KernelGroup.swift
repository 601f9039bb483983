import Kernels

/// A name that stands for several launches of a layer.
package struct KernelGroup: Sendable {
    package let name: String
    /// The models whose layers have the launches.
    package let model: ModelKind
    /// The launches in a layer of `model`, in order; none in a layer of another model.
    let launches: @Sendable (ModelLayer) -> [LayerLaunch]

    /// Every group, in the order in which lists name them.
    package static let all = [
        KernelGroup(name: "ssd-forward", model: .mamba2) { $0.block.map { _ in forward } ?? [] },
        KernelGroup(name: "ssd-backward", model: .mamba2) { $0.block.map { backward($0.ssd) } ?? [] },
        KernelGroup(name: "ssd-training", model: .mamba2) { $0.block.map { forward + backward($0.ssd) } ?? [] },
        fusedForward, mamba1Step,
    ]

    /// A forward call in one launch, with the framework's launches around it.
    package static let fusedForward = KernelGroup(name: "ssd-forward-fused", model: .mamba2) {
        $0.block.map { _ in [LayerLaunch(SSDFused.description, hasFramework: true)] } ?? []
    }

    /// A Mamba-1 layer's training step.
    package static let mamba1Step = KernelGroup(name: "mamba1", model: .mamba1) {
        $0.kind == .mamba1 ? Mamba1Kernels.step.map { LayerLaunch($0) } : []
    }

    /// The group with this name; nil where the name is none.
    package static func named(_ name: String) -> KernelGroup? { all.first { $0.name == name } }

    private static var forward: [LayerLaunch] { launches(SSDKernels.forwardLaunches, pass: .forward) }

    private static func backward(_ shape: SSDShape) -> [LayerLaunch] {
        launches(SSDKernels.backwardLaunches(shape: shape), pass: .backward)
    }

    private static func launches(_ launches: [SSDLaunch], pass: SSDPass) -> [LayerLaunch] {
        launches.compactMap { launch in
            Registry.kernel(shortName: launch.kernel).map { LayerLaunch($0, pass: pass, factor: launch.factor) }
        }
    }
}
