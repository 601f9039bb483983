/// The kernels that can be generated, by the short names that traces, reports and commands use.
package enum Registry {
    /// The five kernels of a forward call in launch order.
    package static let ssdForward = ["ch_cumsum_fwd", "ch_state_fwd", "state_pass_fwd", "bmm_ch_fwd", "ch_scan_fwd"]

    /// The kernels that only a backward call launches, in launch order; ch_scan_bwd_dz with a gate alone, bmm_ch_bwd twice.
    package static let ssdBackward = [
        "ch_scan_bwd_dz", "ch_scan_bwd_dstates", "state_pass_bwd", "ch_scan_ch_state_bwd_dx", "ch_state_bwd_db",
        "ch_scan_bwd_dc", "ch_scan_bwd_dcb", "bmm_ch_bwd", "ch_scan_bwd_ddacs", "ch_cumsum_bwd",
    ]

    /// The forward kernels that a backward call runs again before its own, in launch order.
    package static let ssdRecomputed = ["ch_cumsum_fwd", "bmm_ch_fwd", "ch_state_fwd", "state_pass_fwd"]

    /// The kernels of calls in several launches.
    package static let kernels = ssdForward + ssdBackward

    /// Every kernel that `makeSource` knows: those, and the whole forward call in one launch.
    package static let allKernels = kernels + [SSDFused.kernel]

    /// The launches of a forward call in order.
    package static var forwardLaunches: [SSDLaunch] { ssdForward.map { SSDLaunch(kernel: $0) } }

    /// The launches of a backward call in order: four forward kernels again, then the backward ones.
    package static func backwardLaunches(shape: SSDShape) -> [SSDLaunch] {
        var launches = ssdRecomputed.map { SSDLaunch(kernel: $0) }
        for kernel in ssdBackward where kernel != "ch_scan_bwd_dz" || shape.hasGate {
            launches.append(SSDLaunch(kernel: kernel))
            if kernel == "bmm_ch_bwd" { launches.append(SSDLaunch(kernel: kernel, factor: .c)) }
        }
        return launches
    }

    /// The generator of one launch.
    ///
    /// - Parameters:
    ///   - tiling: block sizes, warps and stages; `nil` takes `TilingTable.defaultTiling`.
    ///   - allocation: the call's tensors; its shape is the launch's. Backward kernels need one of the backward pass.
    ///   - factor: whose gradient bmm_ch_bwd makes; the call launches it for B, then for C.
    ///   - isCausalProduct: whether bmm_ch_fwd leaves out tiles above the diagonal, which the combined forward does not.
    /// - Throws: `KernelError` for an unknown name, a shape that no kernel takes, or a tiling that this kernel cannot run.
    package static func makeSource(
        kernel: String, tiling: Tiling? = nil, allocation: SSDAllocation, factor: ProductFactor = .b,
        isCausalProduct: Bool = false
    ) throws(KernelError) -> any KernelGenerator {
        try allocation.shape.validate()
        let chosen = try TilingTable.defaultTiling(kernel: kernel, shape: allocation.shape)
        let tiling = tiling ?? chosen
        try TilingTable.validate(tiling, kernel: kernel)
        switch kernel {
        case SSDFused.kernel:
            return try makeFused(tiling: tiling, allocation: allocation, tensors: FusedTensors(allocation: allocation))
        case "ch_cumsum_fwd": return ChunkCumsumForward(tiling: tiling, allocation: allocation)
        case "ch_state_fwd": return ChunkStateForward(tiling: tiling, allocation: allocation)
        case "state_pass_fwd": return StatePassForward(tiling: tiling, allocation: allocation)
        case "bmm_ch_fwd":
            return BMMChunkForward(tiling: tiling, allocation: allocation, isCausal: isCausalProduct)
        case "ch_scan_fwd": return ChunkScanForward(tiling: tiling, allocation: allocation)
        default: return try makeBackward(kernel: kernel, tiling: tiling, allocation: allocation, factor: factor)
        }
    }

    /// The fused forward call on tensors of its own beside the call's.
    /// - Parameter tiling: nil takes the autotuner's first configuration.
    /// - Throws: as `makeSource`.
    package static func makeFused(
        tiling: Tiling? = nil, allocation: SSDAllocation, tensors: FusedTensors
    ) throws(KernelError) -> SSDFused {
        let shape = allocation.shape
        try shape.validate()
        let tiling = tiling ?? FusedBlocks.tilings[0]
        try TilingTable.validate(tiling, kernel: SSDFused.kernel)
        // Flags are numbered with 32 bits.
        guard FusedTensors.syncWords(shape) <= Int(UInt32.max) else {
            throw .badShape(
                field: "batch", value: shape.batch,
                cure: "batch times heads, head dim and state dim exceeds the \(UInt32.max) counters of ssd_fused; make it smaller")
        }
        return SSDFused(tiling: tiling, allocation: allocation, tensors: tensors)
    }

    private static func makeBackward(
        kernel: String, tiling: Tiling, allocation: SSDAllocation, factor: ProductFactor
    ) throws(KernelError) -> any KernelGenerator {
        guard let own = allocation.gradients else {
            throw .missingOption(kernel: kernel, option: "the tensors of a backward pass")
        }
        switch kernel {
        case "ch_scan_bwd_dz": return try ChunkScanBackwardGate(tiling: tiling, allocation: allocation, gradients: own)
        case "ch_scan_bwd_dstates":
            return ChunkScanBackwardStates(tiling: tiling, allocation: allocation, gradients: own)
        case "state_pass_bwd": return StatePassBackward(tiling: tiling, allocation: allocation, gradients: own)
        case "ch_scan_ch_state_bwd_dx":
            return ChunkScanStateBackwardX(tiling: tiling, allocation: allocation, gradients: own)
        case "ch_state_bwd_db":
            return GroupFactorBackward(tiling: tiling, allocation: allocation, gradients: own, factor: .b)
        case "ch_scan_bwd_dc":
            return GroupFactorBackward(tiling: tiling, allocation: allocation, gradients: own, factor: .c)
        case "ch_scan_bwd_dcb":
            return ChunkScanBackwardProducts(tiling: tiling, allocation: allocation, gradients: own)
        case "bmm_ch_bwd":
            return BMMChunkBackward(tiling: tiling, allocation: allocation, gradients: own, factor: factor)
        case "ch_scan_bwd_ddacs":
            return ChunkScanBackwardDecay(tiling: tiling, allocation: allocation, gradients: own)
        case "ch_cumsum_bwd": return ChunkCumsumBackward(tiling: tiling, allocation: allocation, gradients: own)
        default: throw .unknownKernel(name: kernel, known: allKernels)
        }
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
        let pass: SSDPass = ssdBackward.contains(kernel) ? .backward : .forward
        return try makeSource(kernel: kernel, tiling: tiling, allocation: SSDAllocation(shape: shape, pass: pass))
    }

    /// The generators of a forward call in launch order, on shared tensors; kernels without a tiling take the default.
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

/// One launch of a call.
package struct SSDLaunch: Equatable, Sendable {
    package let kernel: String
    /// Whose gradient bmm_ch_bwd makes.
    package let factor: ProductFactor

    package init(kernel: String, factor: ProductFactor = .b) {
        self.kernel = kernel
        self.factor = factor
    }
}
