import Trace

/// Registers of tilings that stand in no table: accumulators, operand fragments and addresses.
///
/// The descriptions of kernels add terms of their own. *Source:* coefficients chosen against compiled/resources.csv
/// (sm_90); docs/cost-model.md has the errors.
enum RegisterEstimate {
    /// 32-bit registers of a thread: at least 16, and at most what a block of so many threads may have.
    static func whole(_ estimate: Double, tiling: Tiling) -> Int {
        min(LaunchLimit.registersPerThread(threads: tiling.threads), max(16, Int(estimate.rounded())))
    }

    /// Elements of a thread in a kernel that works on a tile of heads by positions.
    static func cumsumElements(_ variant: SSDVariant) -> Double {
        Double(variant.tiling.heads * variant.shape.chunkSize.nextPowerOfTwo) / Double(variant.tiling.threads)
    }

    /// Elements of a thread in a kernel that works on a run of a state.
    static func runElements(_ variant: SSDVariant) -> Double {
        Double(variant.tiling.block) / Double(variant.tiling.threads)
    }

    /// Elements of a tile that a thread holds.
    static func elements(_ variant: SSDVariant, rows: Int, columns: Int) -> Double {
        TileGeometry(warps: variant.tiling.warps).elements(rows: rows, columns: columns)
    }

    /// The head channels, padded as a product's depth.
    static func headDepth(_ variant: SSDVariant) -> Int { max(16, variant.shape.headDim.nextPowerOfTwo) }

    /// A kernel that multiplies two tiles as deep as a head's channels. It keeps `perAccumulator` more registers an
    /// element.
    static func headProduct(_ variant: SSDVariant, perAccumulator: Double) -> Double {
        var head = variant.tiling
        head.k = headDepth(variant)
        return tileKernel(tiling: head, shape: variant.shape, leftBytes: variant.shape.elementType.byteCount)
            + perAccumulator * elements(variant, rows: variant.tiling.m, columns: variant.tiling.n)
    }

    /// A kernel with one product of tiles. An element of the left tile has `leftBytes` bytes (nil: those of the values'
    /// type).
    static func tileKernel(_ variant: SSDVariant, leftBytes: Int? = nil) -> Double {
        tileKernel(
            tiling: variant.tiling, shape: variant.shape, leftBytes: leftBytes ?? variant.shape.elementType.byteCount)
    }

    /// Accumulators, three registers for each asynchronous copy of a trip, mma.sync fragments, and 22 for the rest.
    private static func tileKernel(tiling: Tiling, shape: SSDShape, leftBytes: Int) -> Double {
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let copies =
            geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: leftBytes)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let product = geometry.product(rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)
        // An LDSM fills four registers. About half of a trip's fragments live at a time.
        return geometry.elements(rows: tiling.m, columns: tiling.n) + 3 * copies + 2 * product.matrixLoads + 22
    }
}
