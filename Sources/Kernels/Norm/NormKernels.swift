/// The gated layer norm's kernels.
package enum NormKernels {
    package static let kernels = ["ln_gated_fwd", "ln_gated_bwd"]

    /// The generator of one launch in an address space of its own.
    ///
    /// - Throws: `KernelError` for an unknown name and for a shape that no launch can have.
    package static func makeSource(kernel: String, shape: GatedNormShape) throws(KernelError) -> any KernelGenerator {
        var book = TensorBook()
        return try makeSource(kernel: kernel, shape: shape, book: &book)
    }

    /// The generator of one launch among others.
    ///
    /// - Parameter book: the run's tensors, to which both passes' are added.
    /// - Throws: `KernelError` for an unknown name and for a shape that no launch can have.
    package static func makeSource(
        kernel: String, shape: GatedNormShape, book: inout TensorBook
    ) throws(KernelError) -> any KernelGenerator {
        try shape.validate()
        switch kernel {
        case "ln_gated_fwd": return GatedNormForward(allocation: GatedNormAllocation(shape: shape, book: &book))
        case "ln_gated_bwd": return GatedNormBackward(allocation: GatedNormAllocation(shape: shape, book: &book))
        default: throw .unknownKernel(name: kernel, known: kernels)
        }
    }
}

/// The SwiGLU activation's kernels.
package enum SwigluKernels {
    package static let kernels = ["swiglu_fwd", "swiglu_bwd"]
    /// Columns of a block that the autotuner tries.
    private static let blocks = [32, 64, 128, 256, 512, 1024]
    /// The tilings that the autotuner tries.
    package static let tilings = blocks.map { Tiling(block: $0, warps: 4, stages: 3) }

    /// The tiling of a launch for which none is given: the widest block that the columns fill.
    package static func defaultTiling(shape: SwigluShape) -> Tiling {
        Tiling(block: blocks.last { $0 <= shape.columns } ?? blocks[0], warps: 4, stages: 3)
    }

    /// The generator of one launch in an address space of its own.
    ///
    /// - Parameter tiling: columns of a block as `block`, and its warps; nil takes `defaultTiling`.
    /// - Throws: `KernelError` for an unknown name, a shape that no launch can have, and a block that nothing compiles.
    package static func makeSource(
        kernel: String, shape: SwigluShape, tiling: Tiling? = nil
    ) throws(KernelError) -> any KernelGenerator {
        var book = TensorBook()
        return try makeSource(kernel: kernel, shape: shape, tiling: tiling, book: &book)
    }

    /// The generator of one launch among others, as above.
    ///
    /// - Parameter book: the run's tensors: those that launches before have made stay where they are, others are added.
    package static func makeSource(
        kernel: String, shape: SwigluShape, tiling: Tiling? = nil, book: inout TensorBook
    ) throws(KernelError) -> any KernelGenerator {
        guard kernels.contains(kernel) else { throw .unknownKernel(name: kernel, known: kernels) }
        try shape.validate()
        let tiling = tiling ?? defaultTiling(shape: shape)
        for (field, value) in [("M", tiling.m), ("N", tiling.n), ("K", tiling.k), ("H", tiling.heads)] where value != 0 {
            throw .badTiling(
                kernel: kernel, field: field, value: value, cure: "this kernel has no such block size; give BLOCK")
        }
        guard tiling.block.isPowerOfTwo, tiling.block <= 1 << 16 else {
            throw .badTiling(
                kernel: kernel, field: "block", value: tiling.block, cure: "give a power of two, such as one of \(blocks)")
        }
        guard tiling.warps.isPowerOfTwo, tiling.warps <= 32 else {
            throw .badTiling(kernel: kernel, field: "warps", value: tiling.warps, cure: "give 1, 2, 4, 8, 16 or 32")
        }
        return Swiglu(shape: shape, tiling: tiling, isBackward: kernel == "swiglu_bwd", book: &book)
    }
}
