import Trace

/// Matrix products as cuBLAS launches them on Hopper.
package enum GEMM {
    /// Short names of the kernels in traces and reports.
    package static let kernel = "gemm"
    package static let reductionKernel = "gemm_reduce"

    /// The launches of a product: the product itself, and the sum of its parts where the depth is divided.
    /// - Parameters:
    ///   - tile: nil takes the tile of the nearest measured product.
    ///   - splits: parts of the depth; nil follows the measured products.
    ///   - multiprocessors: SMs that the launcher sees.
    /// - Throws: `KernelError` for sizes that no launch has.
    package static func launches(
        _ shape: GEMMShape, tensors: GEMMTensors, tile: GEMMTile? = nil, splits: Int? = nil, multiprocessors: Int = 132
    ) throws(KernelError) -> [any KernelGenerator] {
        try shape.validate()
        let plan = GEMMPlan(shape, tile: tile, splits: splits, multiprocessors: multiprocessors)
        guard plan.splits > 1 else { return [GEMMKernel(plan, tensors: tensors)] }
        return [GEMMKernel(plan, tensors: tensors), SplitReduction(plan, tensors: tensors)]
    }

    /// The partial products of a divided depth, fp32.
    static func partials(of plan: GEMMPlan, tensors: GEMMTensors) -> Tensor {
        Tensor(
            name: "partials", baseAddress: tensors.partials,
            byteCount: UInt64(plan.splits * plan.shape.rows * plan.shape.columns * 4), elementType: "f32")
    }
}
