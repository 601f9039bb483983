/// The kernels that can be generated, by the short names that traces, reports and commands use.
package enum Registry {
    /// The five kernels of a forward call in launch order.
    package static let ssdForward = ["ch_cumsum_fwd", "ch_state_fwd", "state_pass_fwd", "bmm_ch_fwd", "ch_scan_fwd"]

    /// Every kernel that `makeSource` knows.
    package static let kernels = ssdForward

    /// The generator of one launch.
    ///
    /// - Parameters:
    ///   - tiling: block sizes, warps and stages; `nil` takes `TilingTable.defaultTiling`.
    ///   - allocation: the call's tensors; its shape is the launch's.
    ///   - isCausalProduct: whether bmm_ch_fwd leaves out tiles above the diagonal, which the combined forward does not.
    /// - Throws: `KernelError` for an unknown name, a shape that no kernel takes, or a tiling that this kernel cannot run.
    package static func makeSource(
        kernel: String, tiling: Tiling? = nil, allocation: SSDAllocation, isCausalProduct: Bool = false
    ) throws(KernelError) -> any KernelGenerator {
        try allocation.shape.validate()
        let chosen = try TilingTable.defaultTiling(kernel: kernel, shape: allocation.shape)
        let tiling = tiling ?? chosen
        try TilingTable.validate(tiling, kernel: kernel)
        switch kernel {
        case "ch_cumsum_fwd": return ChunkCumsumForward(tiling: tiling, allocation: allocation)
        case "ch_state_fwd": return ChunkStateForward(tiling: tiling, allocation: allocation)
        case "state_pass_fwd": return StatePassForward(tiling: tiling, allocation: allocation)
        case "bmm_ch_fwd":
            return BMMChunkForward(tiling: tiling, allocation: allocation, isCausal: isCausalProduct)
        case "ch_scan_fwd": return ChunkScanForward(tiling: tiling, allocation: allocation)
        default: throw .unknownKernel(name: kernel, known: kernels)
        }
    }

    /// The generator of one launch in an address space of its own.
    package static func makeSource(
        kernel: String, shape: SSDShape, tiling: Tiling? = nil
    ) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        return try makeSource(kernel: kernel, tiling: tiling, allocation: SSDAllocation(shape: shape))
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
