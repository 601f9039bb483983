/// Dynamic shared memory from the tiles that the software pipeline and the tensor products keep there.
///
/// The formulas give every value of compiled/resources.csv and every measured launch exactly. docs/cost-model.md lists
/// them. The descriptions of kernels say which they use.
enum SharedMemoryEstimate {
    /// Copies of a tile that feeds a product directly. wgmma reads one copy while the others are filled. mma.sync frees
    /// its copy earlier.
    static func operandBuffers(tiling: Tiling) -> Int {
        TileGeometry(warps: tiling.warps).usesWarpgroups(rows: tiling.m) ? tiling.stages : tiling.stages - 1
    }

    /// Copies of a tile that passes through registers before the product.
    static func registerBuffers(tiling: Tiling) -> Int { tiling.stages - 1 }

    /// Scratch for changing the layout of an M x N f32 tile. Above 32 elements a thread, two halves use it in turn.
    static func layoutChange(tiling: Tiling) -> Int {
        let tile = tiling.m * tiling.n * 4
        return tiling.m * tiling.n > 32 * tiling.threads ? tile / 2 : tile
    }

    static func chunkProduct(_ variant: SSDVariant) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let tiles = (tiling.m + tiling.n) * tiling.k * shape.elementType.byteCount
        return max(operandBuffers(tiling: tiling) * tiles, layoutChange(tiling: tiling))
    }

    static func chunkState(_ variant: SSDVariant) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let bytes = shape.elementType.byteCount
        let inputTile = tiling.m * tiling.k * bytes
        let scaledTile = tiling.k * tiling.n * bytes
        let vectors = 2 * tiling.k * 4
        let pipeline =
            operandBuffers(tiling: tiling) * inputTile
            + registerBuffers(tiling: tiling) * (scaledTile + vectors) + scaledTile
        return max(pipeline, layoutChange(tiling: tiling))
    }

    static func chunkScan(_ variant: SSDVariant, vectors: Int) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.stateDim.nextPowerOfTwo)
        let pipeline =
            registerBuffers(tiling: tiling) * (tiling.m * tiling.k * 4 + vectors * tiling.k * 4)
            + operandBuffers(tiling: tiling) * tiling.k * tiling.n * bytes
            + tiling.m * tiling.k * bytes
        if depth > 128 {
            let leading = operandBuffers(tiling: tiling) * (tiling.m + tiling.n) * tiling.k * bytes
            return max(pipeline, leading)
        }
        let leading = depth * (tiling.m + tiling.n) * bytes
        // The leading operands of wgmma stay allocated. Those of mma.sync are read to registers and make room.
        return TileGeometry(warps: tiling.warps).usesWarpgroups(rows: tiling.m)
            ? pipeline + leading : max(pipeline, max(tiling.m, tiling.n) * depth * bytes)
    }

    static func stateGradient(_ variant: SSDVariant) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let bytes = shape.elementType.byteCount
        let pipeline =
            registerBuffers(tiling: tiling) * (tiling.m * tiling.k * bytes + tiling.k * 4)
            + operandBuffers(tiling: tiling) * tiling.k * tiling.n * bytes
        return max(pipeline, layoutChange(tiling: tiling))
    }

    static func chunkProductBackward(_ variant: SSDVariant) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let pipeline =
            registerBuffers(tiling: tiling) * tiling.m * tiling.k * 4
            + operandBuffers(tiling: tiling) * tiling.k * tiling.n * shape.elementType.byteCount
        return max(pipeline, layoutChange(tiling: tiling))
    }

    /// The two operand tiles of the kernels that loop over heads.
    static func headTiles(_ variant: SSDVariant) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        return operandBuffers(tiling: tiling) * (tiling.m + tiling.n) * depth * shape.elementType.byteCount
    }

    /// One f32 value for each row and each warp along the columns.
    static func rowSums(_ variant: SSDVariant) -> Int {
        let tiling = variant.tiling
        let geometry = TileGeometry(warps: tiling.warps)
        let columnWarps =
            geometry.usesWarpgroups(rows: tiling.m)
            ? 1 : geometry.warpSplit(rows: tiling.m, columns: tiling.n).columns
        return tiling.m * 4 * columnWarps
    }

    /// x in the pipeline, dout beside it, and the change of layout of CB.
    static func decayGradient(_ variant: SSDVariant) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        let bytes = shape.elementType.byteCount
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        return operandBuffers(tiling: tiling) * depth * tiling.n * bytes + tiling.m * depth * bytes
            + layoutChange(tiling: tiling)
    }

    /// The change of layout of the time steps. It takes the whole tile up to 2 KiB, then 256 bytes a head.
    static func cumulativeSum(_ variant: SSDVariant, bytes: Int) -> Int {
        let (tiling, shape) = (variant.tiling, variant.shape)
        return min(tiling.heads * shape.chunkSize.nextPowerOfTwo * bytes, max(2048, 256 * tiling.heads))
    }

    /// From eight elements a thread on, bf16 stores of 16 bytes need another layout than f32 loads of 16 bytes.
    static func statePassing(_ variant: SSDVariant) -> Int {
        let tiling = variant.tiling
        return !variant.isRecomputing && tiling.block >= 8 * tiling.threads ? 2 * tiling.block : 0
    }
}
