/// Dynamic shared memory from the tiles that the software pipeline and the tensor products keep there.
///
/// The formulas give every value of compiled/resources.csv and every measured launch of the five forward kernels
/// exactly; docs/cost-model.md lists them.
enum SharedMemoryEstimate {
    /// Dynamic shared memory of `kernel` in bytes.
    static func bytes(kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool) -> Int {
        switch kernel {
        case "ch_cumsum_fwd": cumulativeSum(tiling: tiling, shape: shape)
        case "ch_state_fwd": chunkState(tiling: tiling, shape: shape)
        case "state_pass_fwd": statePassing(tiling: tiling, recomputing: recomputing)
        case "bmm_ch_fwd": chunkProduct(tiling: tiling, shape: shape)
        case "ch_scan_fwd": chunkScan(tiling: tiling, shape: shape)
        default: 0
        }
    }

    /// Copies of a tile that feeds a product directly: wgmma reads one while the others fill, mma.sync frees it earlier.
    static func operandBuffers(tiling: Tiling) -> Int {
        TileGeometry(warps: tiling.warps).usesWarpgroups(rows: tiling.m) ? tiling.stages : tiling.stages - 1
    }

    /// Copies of a tile that passes through registers before the product.
    static func registerBuffers(tiling: Tiling) -> Int { tiling.stages - 1 }

    private static func chunkProduct(tiling: Tiling, shape: SSDShape) -> Int {
        let tiles = (tiling.m + tiling.n) * tiling.k * shape.elementType.byteCount
        let store = tiling.m * tiling.n * 4
        return max(operandBuffers(tiling: tiling) * tiles, store)
    }

    private static func chunkState(tiling: Tiling, shape: SSDShape) -> Int {
        let bytes = shape.elementType.byteCount
        let inputTile = tiling.m * tiling.k * bytes
        let scaledTile = tiling.k * tiling.n * bytes
        let vectors = 2 * tiling.k * 4
        let pipeline = operandBuffers(tiling: tiling) * inputTile
            + registerBuffers(tiling: tiling) * (scaledTile + vectors) + scaledTile
        return max(pipeline, tiling.m * tiling.n * 4)
    }

    private static func chunkScan(tiling: Tiling, shape: SSDShape) -> Int {
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.stateDim.nextPowerOfTwo)
        let pipeline = registerBuffers(tiling: tiling) * (tiling.m * tiling.k * 4 + 2 * tiling.k * 4)
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

    /// The change of layout of the time steps, in halves or quarters of the tile where a warp scans across others.
    private static func cumulativeSum(tiling: Tiling, shape: SSDShape) -> Int {
        let chunk = shape.chunkSize.nextPowerOfTwo
        let tile = tiling.heads * chunk * shape.timeStepType.byteCount
        return min(chunk >= 256 && tiling.heads >= 8 ? tile / 2 : tile, 8192)
    }

    /// bf16 stores of 16 bytes need another layout than f32 loads of 16 bytes from eight elements a thread on.
    private static func statePassing(tiling: Tiling, recomputing: Bool) -> Int {
        !recomputing && tiling.block >= 8 * tiling.threads ? 2 * tiling.block : 0
    }
}
