import Trace

/// Matrix products as cuBLAS launches them on Hopper.
package enum GEMM {
    /// Short names of the kernels in traces and reports.
    package static let kernel = "gemm"
    package static let reductionKernel = "gemm_reduce"
    package static let plainKernel = "gemm_plain"

    /// The launches of a product: the product itself, and the sum of its parts where the depth is divided.
    ///
    /// Products of two-byte elements whose rows in memory are multiples of 16 bytes are `nvjet`'s, also those of a
    /// batch. CUTLASS's kernels take the others; a given tile or number of parts is then ignored.
    /// - Parameters:
    ///   - tile: nil takes the tile of the nearest measured product.
    ///   - splits: parts of the depth; nil follows the measured products.
    ///   - multiprocessors: SMs that the launcher sees.
    /// - Throws: `KernelError` for sizes that no launch has.
    package static func launches(
        _ shape: GEMMShape, tensors: GEMMTensors, tile: GEMMTile? = nil, splits: Int? = nil, multiprocessors: Int = 132
    ) throws(KernelError) -> [any KernelGenerator] {
        try shape.validate()
        let alignment = alignment(of: shape, tensors: tensors)
        guard alignment >= 8, shape.elementType.byteCount == 2 else {
            let kernel = PlainGEMMKernel(
                shape, tile: PlainTile(shape, alignment: alignment), tensors: tensors,
                multiprocessors: multiprocessors)
            return kernel.splits > 1
                ? [kernel, SplitReduction(shape, splits: kernel.splits, tensors: tensors)] : [kernel]
        }
        let plan = GEMMPlan(shape, tile: tile, splits: splits, multiprocessors: multiprocessors)
        guard plan.splits > 1 else { return [GEMMKernel(plan, tensors: tensors)] }
        return [
            GEMMKernel(plan, tensors: tensors), SplitReduction(plan.shape, splits: plan.splits, tensors: tensors),
        ]
    }

    /// The largest power of two, at most 8, that divides the distances between rows and the offsets of all matrices, in
    /// elements.
    static func alignment(of shape: GEMMShape, tensors: GEMMTensors) -> Int {
        let bits = [tensors.left, tensors.right, tensors.output].reduce(8) { bits, view in
            bits | view.rowStride | Int(view.address % 16) / shape.elementType.byteCount
                | (shape.batch > 1 ? view.batchStride : 0)
        }
        return 1 << bits.trailingZeroBitCount
    }

    /// The partial products of a divided depth, fp32.
    static func partials(of shape: GEMMShape, splits: Int, tensors: GEMMTensors) -> Tensor {
        Tensor(
            name: "partials", baseAddress: tensors.partials,
            byteCount: UInt64(splits * shape.rows * shape.columns * 4), elementType: "f32")
    }
}
