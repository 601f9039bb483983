/// The kernels of the SSD call.
package enum SSDKernels {
    /// The five kernels of a forward call in launch order, then the kernels that only a backward call launches, in
    /// launch order. ch_scan_bwd_dz is launched only with a gate, and bmm_ch_bwd twice.
    static let all: [SSDKernel] = [
        ChunkCumsumForward.description, ChunkStateForward.description, StatePassForward.description,
        BMMChunkForward.description,
        ChunkScanForward.description,
        ChunkScanBackwardGate.description, ChunkScanBackwardStates.description, StatePassBackward.description,
        ChunkScanStateBackwardX.description, GroupFactorBackward.descriptionOfB, GroupFactorBackward.descriptionOfC,
        ChunkScanBackwardProducts.description, BMMChunkBackward.description, ChunkScanBackwardDecay.description,
        ChunkCumsumBackward.description,
    ]

    /// The short names of all kernels.
    package static let kernels = all.map(\.name)
    /// The short names of the forward call's kernels.
    package static let ssdForward = all.filter { $0.description.pass == .forward }.map(\.name)
    /// The short names of the kernels that only a backward call launches.
    package static let ssdBackward = all.filter { $0.description.pass == .backward }.map(\.name)

    /// The forward kernels that a backward call runs again before its own, in launch order.
    static let recomputed = [
        ChunkCumsumForward.description, BMMChunkForward.description, ChunkStateForward.description,
        StatePassForward.description,
    ]
    /// The short names of `recomputed`.
    package static let ssdRecomputed = recomputed.map(\.name)

    /// The kernels that end a backward call, and with it a training step, in launch order. The next step's first
    /// launches find what they leave in the L2.
    package static let tail = [ChunkScanBackwardDecay.description, ChunkCumsumBackward.description].map(\.name)

    /// The kernel with this short name.
    /// - Throws: `KernelError.unknownKernel`.
    package static func kernel(named name: String) throws(KernelError) -> SSDKernel {
        guard let kernel = all.first(where: { $0.name == name }) else {
            throw .unknownKernel(name: name, known: kernels)
        }
        return kernel
    }

    /// The launches of a forward call in order.
    package static var forwardLaunches: [SSDLaunch] { ssdForward.map { SSDLaunch(kernel: $0) } }

    /// The launches of a backward call in order. Four forward kernels run again first, then come the backward kernels.
    package static func backwardLaunches(shape: SSDShape) -> [SSDLaunch] {
        var launches = ssdRecomputed.map { SSDLaunch(kernel: $0) }
        for kernel in all where kernel.description.pass == .backward && (shape.hasGate || !kernel.needsGate) {
            launches += kernel.description.factors.map { SSDLaunch(kernel: kernel.name, factor: $0) }
        }
        return launches
    }

    /// The generator of one launch, or of a whole forward call in one launch.
    ///
    /// - Parameters:
    ///   - tiling: block sizes, warps and stages; `nil` takes `SSDKernel.defaultTiling`.
    ///   - allocation: the call's tensors. Its shape is the launch's. Backward kernels need an allocation of the
    ///     backward pass.
    ///   - factor: the factor whose gradient bmm_ch_bwd makes. The call launches it for B, then for C.
    ///   - isCausalProduct: whether bmm_ch_fwd leaves out tiles above the diagonal. The combined forward computes them.
    /// - Throws: `KernelError` for an unknown name, a shape that no kernel takes, or a tiling that this kernel cannot
    ///   run.
    package static func makeSource(
        kernel: String, tiling: Tiling? = nil, allocation: SSDAllocation, factor: ProductFactor = .b,
        isCausalProduct: Bool = false
    ) throws(KernelError) -> any KernelGenerator {
        if kernel == SSDFused.kernel {
            return try SSDFused.makeSource(
                tiling: tiling, allocation: allocation, tensors: FusedTensors(allocation: allocation))
        }
        return try self.kernel(named: kernel).source(
            tiling: tiling, allocation: allocation, factor: factor, isCausalProduct: isCausalProduct)
    }

    /// The generator of one launch of a call.
    package static func makeSource(
        _ launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> any KernelGenerator {
        try makeSource(kernel: launch.kernel, tiling: tiling, allocation: allocation, factor: launch.factor)
    }

    /// The generator of one launch in an address space of its own.
    package static func makeSource(
        kernel: String, shape: SSDShape, tiling: Tiling? = nil
    ) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        let pass = Registry.kernel(named: kernel)?.pass ?? .forward
        return try makeSource(kernel: kernel, tiling: tiling, allocation: SSDAllocation(shape: shape, pass: pass))
    }

    /// The generators of a forward call in launch order, on shared tensors. Kernels without a given tiling take the
    /// default.
    package static func forwardSources(
        shape: SSDShape, tilings: [String: Tiling] = [:]
    ) throws(KernelError) -> [any KernelGenerator] {
        try shape.validate()
        for name in tilings.keys.sorted() where !kernels.contains(name) {
            throw .unknownKernel(name: name, known: kernels)
        }
        let allocation = SSDAllocation(shape: shape)
        var sources: [any KernelGenerator] = []
        for kernel in ssdForward {
            sources.append(try makeSource(kernel: kernel, tiling: tilings[kernel], allocation: allocation))
        }
        return sources
    }
}
