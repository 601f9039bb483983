/// How the result of a matrix product lies over the warps of a block. A tensor-core fragment has 16 rows and 8 columns.
///
/// A lane holds two neighbouring columns of rows r and r + 8, and four lanes lie side by side. Blocks of four or more
/// warps with at least 64 rows use warp-group instructions (wgmma); all others use mma.sync.
package struct AccumulatorLayout: Equatable, Sendable {
    package let rows: Int
    package let columns: Int
    package let warpRows: Int
    package let warpColumns: Int

    /// Spreads a result of `rows` by `columns` over `warps` warps.
    package init(rows: Int, columns: Int, warps: Int) {
        self.rows = rows
        self.columns = columns
        let usesWarpGroups = Self.usesWarpGroups(rows: rows, warps: warps)
        var down = usesWarpGroups ? 4 : 1
        var across = 1
        while down * across < warps {
            if usesWarpGroups {
                if rows > 16 * down { down *= 2 } else { across *= 2 }
            } else if rows / 16 / down >= columns / 8 / across, down < rows / 16 {
                down *= 2
            } else {
                across *= 2
            }
        }
        warpRows = down
        warpColumns = across
    }

    /// Whether a product with so many rows uses warp-group instructions.
    package static func usesWarpGroups(rows: Int, warps: Int) -> Bool { warps % 4 == 0 && rows % 64 == 0 }

    /// Elements that a copy of a factor may move at once, if the factor is not contiguous along the reduced dimension.
    ///
    /// Warp-group instructions take 32-bit factors only if these are contiguous along that dimension. Other 32-bit
    /// factors are therefore transposed while they are copied, element by element.
    static func crosswiseElements(rows: Int, warps: Int, elementBytes: Int) -> Int {
        elementBytes == 4 && usesWarpGroups(rows: rows, warps: warps) ? 1 : 16
    }

    /// Requests of a vector along the rows that is the same in every column. A request covers eight neighbours.
    package func rowSliceRequests(elementBytes: Int) -> RequestShape {
        RequestShape(
            rows: 1, lanesPerRow: 8, laneBytes: elementBytes, laneStrideBytes: elementBytes,
            replicas: warpColumns * (warpRows / max(1, min(warpRows, rows / 16))))
    }

    /// Requests of a vector along the columns that is the same in every row. Four lanes cover two neighbours each.
    package func columnSliceRequests(elementBytes: Int, vector: Int) -> RequestShape {
        RequestShape(
            rows: 1, lanesPerRow: 4, laneBytes: min(2, vector) * elementBytes, laneStrideBytes: 2 * elementBytes,
            replicas: warpRows * (warpColumns / max(1, min(warpColumns, columns / 8))))
    }
}
