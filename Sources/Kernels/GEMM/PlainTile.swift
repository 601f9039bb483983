/// How the kernels that cuBLAS takes where `nvjet` cannot divide a product: CUTLASS's, with a block for each tile.
struct PlainTile: Equatable, Sendable {
    /// Rows and columns of the output that a block makes, and elements of the depth of a step.
    var rows: Int
    var columns: Int
    var depth: Int
    var stages: Int
    var threads: Int
    var registers: Int
    /// Elements that a lane loads at once. With one element the loads are plain ones through registers; otherwise
    /// they are asynchronous copies.
    var alignment: Int
    /// Whether the tensor cores multiply.
    var usesTensorCores: Bool
    var isEstimated: Bool
    /// Whether as many blocks as the GPU has SMs go from tile to tile, and ask a counter for each further one.
    var isPersistent: Bool

    /// The tile of a product whose operands' rows are aligned to `alignment` elements.
    ///
    /// *Source:* names, grids and resources of launches of one H200: `cutlass_80_simt_sgemm_256x128_8x4_nn_align1` for
    /// fp32, `cutlass_80_tensorop_bf16_s16816gemm_bf16_64x64_32x6` and `..._256x128_32x3` for rows of even lengths,
    /// `cutlass_75_tensorop_bf16_s1688gemm_..._128x128_..._align1` for odd ones. Registers of the last three are
    /// estimates. Batches of rows of even lengths: `sm90_xmma_gemm_..._tilesize128x128x64`, 132 blocks.
    init(_ shape: GEMMShape, alignment: Int) {
        isPersistent = shape.elementType != .f32 && alignment > 1 && shape.batch > 1
        if isPersistent {
            (rows, columns, depth, stages, threads, registers) = (128, 128, 64, 7, 256, 192)
            (self.alignment, usesTensorCores, isEstimated) = (min(alignment, 8), true, false)
        } else if shape.elementType == .f32 {
            (rows, columns, depth, stages, threads, registers) = (128, 256, 8, 4, 256, 202)
            (self.alignment, usesTensorCores, isEstimated) = (1, false, false)
        } else if alignment == 1 {
            (rows, columns, depth, stages, threads, registers) = (128, 128, 32, 2, 128, 232)
            (self.alignment, usesTensorCores, isEstimated) = (1, true, true)
        } else if shape.columns >= 128, shape.rows >= 256 {
            (rows, columns, depth, stages, threads, registers) = (128, 256, 32, 3, 256, 230)
            (self.alignment, usesTensorCores, isEstimated) = (min(alignment, 8), true, true)
        } else {
            (rows, columns, depth, stages, threads, registers) = (64, 64, 32, 6, 128, 120)
            (self.alignment, usesTensorCores, isEstimated) = (min(alignment, 8), true, true)
        }
    }

    var warps: Int { threads / 32 }
    func sharedMemoryBytes(elementBytes: Int) -> Int {
        stages * (rows + columns) * depth * elementBytes + (isPersistent ? 2048 : 0)
    }
}
