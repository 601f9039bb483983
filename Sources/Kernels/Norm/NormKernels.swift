/// The gated layer norm's kernels.
package enum NormKernels {
    package static let kernels = ["ln_gated_fwd", "ln_gated_bwd"]

    /// The generator of one launch.
    ///
    /// - Throws: `KernelError` for an unknown name and for a shape that no launch can have.
    package static func makeSource(kernel: String, shape: GatedNormShape) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        switch kernel {
        case "ln_gated_fwd": return GatedNormForward(allocation: GatedNormAllocation(shape: shape))
        case "ln_gated_bwd": return GatedNormBackward(allocation: GatedNormAllocation(shape: shape))
        default: throw .unknownKernel(name: kernel, known: kernels)
        }
    }
}

/// The SwiGLU activation's kernels.
package enum SwigluKernels {
    package static let kernels = ["swiglu_fwd", "swiglu_bwd"]
    /// Columns of a block that the autotuner tries.
    private static let blocks = [32, 64, 128, 256, 512, 1024]

    /// The generator of one launch.
    ///
    /// - Parameter tiling: columns of a block as `block`, and its warps; nil takes the widest block that the columns fill.
    /// - Throws: `KernelError` for an unknown name, a shape that no launch can have, and a block that nothing compiles.
    package static func makeSource(
        kernel: String, shape: SwigluShape, tiling: Tiling? = nil
    ) throws(KernelError) -> any KernelGenerator {
        guard kernels.contains(kernel) else { throw .unknownKernel(name: kernel, known: kernels) }
        try shape.validate()
        let tiling = tiling ?? Tiling(block: blocks.last { $0 <= shape.columns } ?? blocks[0], warps: 4, stages: 3)
        guard tiling.block.isPowerOfTwo, tiling.block <= 1 << 16 else {
            throw .badTiling(
                kernel: kernel, field: "block", value: tiling.block, cure: "give a power of two, such as one of \(blocks)")
        }
        guard tiling.warps.isPowerOfTwo, tiling.warps <= 32 else {
            throw .badTiling(kernel: kernel, field: "warps", value: tiling.warps, cure: "give 1, 2, 4, 8, 16 or 32")
        }
        return Swiglu(shape: shape, tiling: tiling, isBackward: kernel == "swiglu_bwd")
    }
}
