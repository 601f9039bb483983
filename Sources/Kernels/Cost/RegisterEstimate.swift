import Trace

/// Registers of tilings that stand in no table: accumulators, operand fragments and addresses.
///
/// *Source:* coefficients chosen against compiled/resources.csv (sm_90); docs/cost-model.md has the errors.
enum RegisterEstimate {
    /// 32-bit registers of a thread of `kernel`, between 16 and what a block of so many threads may have.
    static func registers(kernel: String, tiling: Tiling, shape: SSDShape, recomputing: Bool) -> Int {
        let estimate: Double
        switch kernel {
        case "ch_cumsum_fwd":
            let elements = Double(tiling.heads * shape.chunkSize.nextPowerOfTwo) / Double(tiling.threads)
            estimate = 16 + 2.2 * elements
        case "state_pass_fwd":
            let elements = Double(tiling.block) / Double(tiling.threads)
            estimate = recomputing ? max(28, 24 + elements) : 18 + 1.9 * elements
        case "bmm_ch_fwd":
            estimate = tileKernel(tiling: tiling, shape: shape, leftBytes: shape.elementType.byteCount)
        case "ch_state_fwd":
            let rows = TileGeometry(warps: tiling.warps).rowsPerThread(
                rows: tiling.k, columns: tiling.n, bytes: shape.elementType.byteCount)
            estimate = tileKernel(tiling: tiling, shape: shape, leftBytes: shape.elementType.byteCount) + 7 * rows
        case "ch_scan_fwd":
            let decayed = TileGeometry(warps: tiling.warps).elements(rows: tiling.m, columns: tiling.k)
            estimate = tileKernel(tiling: tiling, shape: shape, leftBytes: 4) + 30 + decayed
        default:
            estimate = backward(kernel: kernel, tiling: tiling, shape: shape)
        }
        return min(LaunchLimit.registersPerThread(threads: tiling.threads), max(16, Int(estimate.rounded())))
    }

    private static func backward(kernel: String, tiling: Tiling, shape: SSDShape) -> Double {
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let accumulators = geometry.elements(rows: tiling.m, columns: tiling.n)
        let depth = max(16, shape.headDim.nextPowerOfTwo)
        var head = tiling
        head.k = depth
        switch kernel {
        case "ch_scan_bwd_dz":
            return 25 + 1.9 * geometry.elements(rows: tiling.m, columns: depth)
        case "ch_scan_bwd_dstates":
            return tileKernel(tiling: tiling, shape: shape, leftBytes: bytes) + 20
        case "state_pass_bwd":
            return max(32, 16 + 4 * Double(tiling.block) / Double(tiling.threads))
        case "ch_scan_ch_state_bwd_dx":
            return tileKernel(tiling: tiling, shape: shape, leftBytes: 4) + 25
                + 1.4 * geometry.elements(rows: tiling.m, columns: tiling.k)
        case "ch_state_bwd_db", "ch_scan_bwd_dc":
            return tileKernel(tiling: head, shape: shape, leftBytes: bytes) + 1.8 * accumulators
        case "ch_scan_bwd_dcb":
            return tileKernel(tiling: head, shape: shape, leftBytes: bytes) + 2 * accumulators
        case "bmm_ch_bwd":
            return tileKernel(tiling: tiling, shape: shape, leftBytes: 4) + 0.75 * accumulators
        case "ch_scan_bwd_ddacs":
            return 40 + 4.8 * accumulators
        case "ch_cumsum_bwd":
            return 22 + 3.5 * Double(tiling.heads * shape.chunkSize.nextPowerOfTwo) / Double(tiling.threads)
        default:
            return 128
        }
    }

    /// Accumulators, three registers for each asynchronous copy of a trip, mma.sync fragments, and 22 for the rest.
    private static func tileKernel(tiling: Tiling, shape: SSDShape, leftBytes: Int) -> Double {
        let geometry = TileGeometry(warps: tiling.warps)
        let bytes = shape.elementType.byteCount
        let copies = geometry.vectors(rows: tiling.m, columns: tiling.k, bytes: leftBytes)
            + geometry.vectors(rows: tiling.k, columns: tiling.n, bytes: bytes)
        let product = geometry.product(rows: tiling.m, columns: tiling.n, depth: tiling.k, bytes: bytes)
        // An LDSM fills four registers; about half of a trip's fragments live at a time.
        return geometry.elements(rows: tiling.m, columns: tiling.n) + 3 * copies + 2 * product.matrixLoads + 22
    }
}
