import Kernels

extension GoldenHeader {
    /// The gated layer norm that the launch belongs to.
    func normShape() throws(Misfit) -> GatedNormShape {
        let columns = try required(params.ncols, "ncols")
        var shape = GatedNormShape(
            rows: try required(params.M, "M"), columns: columns, groupSize: params.group_size ?? columns)
        shape.elementType = try elementType(params.dtype, of: "dtype")
        for tensor in tensors where tensor.arg == "W" {
            shape.parameterType = try elementType(tensor.dtype, of: tensor.arg)
        }
        shape.hasGate = params.has_z ?? false
        shape.normBeforeGate = params.norm_before_gate ?? true
        shape.isRMS = params.is_rms_norm ?? false
        shape.hasBias = params.has_bias ?? false
        shape.recomputesOutput = params.recompute_output ?? false
        shape.rowStrideElements = params.x_row_stride
        shape.multiprocessorCount = params.sm_count ?? 132
        return shape
    }

    /// The SwiGLU activation that the launch belongs to.
    func swigluShape() throws(Misfit) -> SwigluShape {
        var shape = SwigluShape(rows: try required(params.rows, "rows"), columns: try required(params.cols, "cols"))
        shape.elementType = try elementType(params.dtype, of: "dtype")
        shape.recomputesOutput = params.recompute_output ?? false
        return shape
    }

    /// The launch's generator.
    func makeSource() throws -> any KernelGenerator {
        if NormKernels.kernels.contains(kernel) {
            return try NormKernels.makeSource(kernel: kernel, shape: normShape())
        }
        if SwigluKernels.kernels.contains(kernel) {
            let tiling = Tiling(block: blockConfig["BLOCK_N"] ?? 0, warps: warps, stages: stages)
            return try SwigluKernels.makeSource(kernel: kernel, shape: swigluShape(), tiling: tiling)
        }
        let shape = try shape()
        try shape.validate()
        let pass: SSDPass = params.phase == "bwd" ? .backward : .forward
        return try Registry.makeSource(
            kernel: kernel, tiling: tiling(), allocation: SSDAllocation(shape: shape, pass: pass),
            isCausalProduct: params.causal ?? false)
    }
}
