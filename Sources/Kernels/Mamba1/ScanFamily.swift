/// The selective scan, forward and backward.
struct ScanFamily: KernelFamily {
    let kernels: [KernelDescription] = Mamba1Kernels.scans.map(\.description)
    let models = [ModelKind.mamba1]

    func parameters(in layer: ModelLayer) -> [LayerParameter] { [.dim, .stateDim, .groups] }

    func check(_ layer: ModelLayer, kernel: KernelDescription) throws(KernelError) {
        guard case .mamba1(let shape) = layer, shape.isChannelLast else { return }
        throw .unfitParameter(
            .channelLast, kernel: kernel.name,
            reason: "takes channels one after the other; leave it out, or run the convolution without the scan")
    }

    func sources(
        of launches: [LayerLaunch], layer: ModelLayer, book: inout TensorBook
    ) throws(KernelError) -> [[any KernelGenerator]] {
        guard case .mamba1(let shape) = layer else { return [] }
        var sources: [[any KernelGenerator]] = []
        for launch in launches {
            for kernel in Mamba1Kernels.scans where kernel.name == launch.kernel.name {
                sources.append([try kernel.source(shape: shape, book: &book)])
            }
        }
        return sources
    }
}

extension SelectiveScanForward {
    static let description = Mamba1Kernel(
        name: "sel_scn_fwd", functions: ["selective_scan_fwd_kernel"], summary: "the selective scan", pass: .forward,
        make: { SelectiveScanForward(shape: $0, book: &$1) })
}

extension SelectiveScanBackward {
    static let description = Mamba1Kernel(
        name: "sel_scn_bwd", functions: ["selective_scan_bwd_kernel"], summary: "gradients of the selective scan",
        pass: .backward,
        make: { SelectiveScanBackward(shape: $0, book: &$1) })
}

extension TensorRole {
    /// A tensor of the selective scan.
    package static func scan(_ argument: String) -> TensorRole { TensorRole(family: "scan", argument: argument) }
}
