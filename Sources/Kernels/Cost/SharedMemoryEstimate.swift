/// Dynamic shared memory from the tiles that the software pipeline and the tensor products keep there.
///
/// The formulas give every value of compiled/resources.csv and every measured launch
/// exactly; docs/cost-model.md lists them.
enum SharedMemoryEstimate {
    /// Dynamic shared memory of `kernel` in bytes.
    static func bytes(kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool) -> Int {
        switch kernel {
        case "ch_cumsum_fwd":
            min(8192, cumulativeSum(tiling: tiling, shape: shape, bytes: shape.timeStepType.byteCount))
        case "ch_state_fwd": chunkState(tiling: tiling, shape: shape)
        case "state_pass_fwd": statePassing(tiling: tiling, recomputing: recomputing)
        case "bmm_ch_fwd": chunkProduct(tiling: tiling, shape: shape)
        case "ch_scan_fwd": chunkScan(tiling: tiling, shape: shape, vectors: 2)
        case "ch_scan_bwd_dz": shape.skip == .none ? 0 : 16
        case "ch_scan_bwd_dstates": stateGradient(tiling: tiling, shape: shape)
        case "state_pass_bwd": tiling.block >= 8 * tiling.threads ? 8 * tiling.block : min(16, tiling.block / 8)
        case "ch_scan_ch_state_bwd_dx": chunkScan(tiling: tiling, shape: shape, vectors: 1)
        case "ch_state_bwd_db", "ch_scan_bwd_dc":
            headTiles(tiling: tiling, shape: shape) + rowSums(tiling: tiling)
        case "ch_scan_bwd_dcb":
            headTiles(tiling: tiling, shape: shape)
                + (max(tiling.m, tiling.n) >= tiling.threads ? 4 * tiling.threads : 0)
        case "bmm_ch_bwd": chunkProductBackward(tiling: tiling, shape: shape)
        case "ch_scan_bwd_ddacs": decayGradient(tiling: tiling, shape: shape)
        case "ch_cumsum_bwd": cumulativeSum(tiling: tiling, shape: shape, bytes: 4)
        default: 0
        }
    }

    /// Copies of a tile that feeds a product directly: wgmma reads one while the others fill, mma.sync frees it
    /// earlier.
    static func operandBuffers(tiling: Tiling) -> Int {
        TileGeometry(warps: tiling.warps).usesWarpgroups(rows: tiling.m) ? tiling.stages : tiling.stages - 1
    }

    /// Copies of a tile that passes through registers before the product.
    static func registerBuffers(tiling: Tiling) -> Int { tiling.stages - 1 }

    /// Scratch for changing the layout of an M x N f32 tile; two halves in turn above 32 elements a thread.
    static func layoutChange(tiling: Tiling) -> Int {
        let tile = tiling.m * tiling.n * 4
        return tiling.m * tiling.n > 32 * tiling.threads ? tile / 2 : tile
    }

    private static func chunkProduct(tiling: Tiling, shape: SSDShape) -> Int {
        let tiles = (tiling.m + tiling.n) * tiling.k * shape.elementType.byteCount
        return max(operandBuffers(tiling: tiling) * tiles, layoutChange(tiling: tiling))
    }

    private static func chunkState(tiling: Tiling, shape: SSDShape) -> Int {
        let bytes = shape.elementType.byteCount
        let inputTile = tiling.m * tiling.k * bytes
        let scaledTile = tiling.k * tiling.n * bytes
        let vectors = 2 * tiling.k * 4
        let pipeline = operandBuffers(tiling: tiling) * inputTile
            + registerBuffers(tiling: tiling) * (scaledTile + vectors) + scaledTile
        return max(pipeline, layoutChange(tiling: tiling))
    }

    private static func chunkScan(tiling: Tiling, shape: SSDShape, vectors: Int) -> Int {
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.stateDim.nextPowerOfTwo)
        let pipeline = registerBuffers(tiling: tiling) * (tiling.m * tiling.k * 4 + vectors * tiling.k * 4)
            + operandBuffers(tiling: tiling) * tiling.k * tiling.n * bytes
            + tiling.m * tiling.k * bytes
        if depth > 128 {
            let leading = operandBuffers(tiling: tiling) * (tiling.m + tiling.n) * tiling.k * bytes
            return max(pipeline, leading)
        }
        let leading = depth * (tiling.m + tiling.n) * bytes
        // wgmma's leading operands stay allocated; those of mma.sync are read to registers and make room.
        return TileGeometry(warps: tiling.warps).usesWarpgroups(rows: tiling.m)
            ? pipeline + leading : max(pipeline, max(tiling.m, tiling.n) * depth * bytes)
    }

    private static func stateGradient(tiling: Tiling, shape: SSDShape) -> Int {
        let bytes = shape.elementType.byteCount
        let pipeline = registerBuffers(tiling: tiling) * (tiling.m * tiling.k * bytes + tiling.k * 4)
            + operandBuffers(tiling: tiling) * tiling.k * tiling.n * bytes
        return max(pipeline, layoutChange(tiling: tiling))
    }

    private static func chunkProductBackward(tiling: Tiling, shape: SSDShape) -> Int {
        let pipeline = registerBuffers(tiling: tiling) * tiling.m * tiling.k * 4
            + operandBuffers(tiling: tiling) * tiling.k * tiling.n * shape.elementType.byteCount
        return max(pipeline, layoutChange(tiling: tiling))
    }

    /// The two operand tiles of the kernels that loop over heads.
    private static func headTiles(tiling: Tiling, shape: SSDShape) -> Int {
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        return operandBuffers(tiling: tiling) * (tiling.m + tiling.n) * depth * shape.elementType.byteCount
    }

    /// One f32 value a row and warp along the columns.
    private static func rowSums(tiling: Tiling) -> Int {
        let geometry = TileGeometry(warps: tiling.warps)
        let columnWarps = geometry.usesWarpgroups(rows: tiling.m)
            ? 1 : geometry.warpSplit(rows: tiling.m, columns: tiling.n).columns
        return tiling.m * 4 * columnWarps
    }

    /// x in the pipeline, dout beside it, and the change of layout of CB.
    private static func decayGradient(tiling: Tiling, shape: SSDShape) -> Int {
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        return operandBuffers(tiling: tiling) * depth * tiling.n * bytes + tiling.m * depth * bytes
            + layoutChange(tiling: tiling)
    }

    /// The change of layout of the time steps: the whole tile up to 2 KiB, then 256 bytes a head.
    private static func cumulativeSum(tiling: Tiling, shape: SSDShape, bytes: Int) -> Int {
        min(tiling.heads * shape.chunkSize.nextPowerOfTwo * bytes, max(2048, 256 * tiling.heads))
    }

    /// bf16 stores of 16 bytes need another layout than f32 loads of 16 bytes from eight elements a thread on.
    private static func statePassing(tiling: Tiling, recomputing: Bool) -> Int {
        !recomputing && tiling.block >= 8 * tiling.threads ? 2 * tiling.block : 0
    }
}
