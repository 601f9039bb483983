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
}

extension GoldenCheck {
    /// Kernels with one vector per block: the gated layer norm and SwiGLU.
    static let rowKernels = NormKernels.kernels + SwigluKernels.kernels

    /// The generator of one of `rowKernels`.
    static func makeRowSource(_ header: GoldenHeader, file: String) throws(GoldenError) -> any KernelGenerator {
        do {
            if NormKernels.kernels.contains(header.kernel) {
                return try NormKernels.makeSource(kernel: header.kernel, shape: header.normShape())
            }
            let tiling = Tiling(block: header.blockConfig["BLOCK_N"] ?? 0, warps: header.warps, stages: header.stages)
            return try SwigluKernels.makeSource(kernel: header.kernel, shape: header.swigluShape(), tiling: tiling)
        } catch let misfit as GoldenHeader.Misfit {
            throw .unusableLaunch(file: file, reason: misfit.reason)
        } catch {
            throw .unusableLaunch(file: file, reason: "\(error)")
        }
    }
}
