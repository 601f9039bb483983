/// How a block's threads share tiles and tensor products.
///
/// Four warps or more form warpgroups and use wgmma (m64nNk16, operands in shared memory). Fewer warps use mma.sync
/// (m16n8k16), whose operands LDSM brings to registers. *Source:* layouts of compiled/ops.csv (Triton 3.6.0).
struct TileGeometry: Equatable, Sendable {
    var warps: Int

    var threads: Int { warps * 32 }

    /// Whether a product with `rows` rows uses wgmma.
    func usesWarpgroups(rows: Int) -> Bool { warps >= 4 && rows >= 64 }

    /// Elements of a `rows` x `columns` tile that a thread holds.
    func elements(rows: Int, columns: Int) -> Double { Double(rows * columns) / Double(threads) }

    /// 16-byte accesses of a thread for a `rows` x `columns` tile. The number is a fraction where only some threads
    /// take part.
    func vectors(rows: Int, columns: Int, bytes: Int) -> Double {
        Double(rows * columns * bytes) / Double(16 * threads)
    }

    /// Rows of a `rows` x `columns` tile that a thread touches, if 16-byte vectors run along the columns.
    func rowsPerThread(rows: Int, columns: Int, bytes: Int) -> Double {
        let lanesAlong = min(32, max(1, columns * bytes / 16))
        return max(1, Double(rows) / Double(warps * (32 / lanesAlong)))
    }

    /// How mma.sync splits a `rows` x `columns` result among the warps.
    func warpSplit(rows: Int, columns: Int) -> (rows: Int, columns: Int) {
        var split = (rows: 1, columns: 1)
        while split.rows * split.columns < warps {
            if rows / 16 / split.rows >= columns / 8 / split.columns, split.rows < rows / 16 {
                split.rows *= 2
            } else {
                split.columns *= 2
            }
        }
        return split
    }

    /// Rows of a `rows` x `columns` result in which a thread holds accumulators.
    func accumulatorRows(rows: Int, columns: Int) -> Double {
        guard usesWarpgroups(rows: rows) else {
            return Double(2 * rows / 16) / Double(warpSplit(rows: rows, columns: columns).rows)
        }
        return 2 * max(1, Double(rows) / Double(16 * warps))
    }

    /// What a warp executes for a product of depth `depth`: tensor instructions, the products of 16 x 8 by 16 elements
    /// that they amount to, and the LDSM that feed mma.sync.
    ///
    /// - Parameter bytes: size of an operand's element. 4-byte operands (tf32) halve the depth of an instruction.
    func product(
        rows: Int, columns: Int, depth: Int, bytes: Int
    ) -> (tensor: Double, products: Double, matrixLoads: Double) {
        let steps = Double(depth * bytes) / 32
        let products = Double(rows * columns) / Double(16 * 8 * warps) * steps
        if usesWarpgroups(rows: rows) {
            let warpgroups = warps / 4
            let rowGroups = min(warpgroups, rows / 64)
            let width = columns / max(1, warpgroups / rowGroups)
            return (Double(rows / 64 / rowGroups * ((width + 255) / 256)) * steps, products, 0)
        }
        let split = warpSplit(rows: rows, columns: columns)
        let loads =
            Double(rows * depth * bytes) / Double(512 * split.rows)
            + Double(columns * depth * bytes) / Double(512 * split.columns)
        return (products, products, loads)
    }
}
