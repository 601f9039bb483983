/// How Triton spreads a tile over the threads of a block: runs of elements, lanes, then warps.
///
/// `columns` is the dimension that is contiguous in memory (the layout's first in order), `rows` is the other. A vector
/// has one row. The layout is derived as Triton 3.6 derives it: the contiguous dimension takes lanes and warps until
/// the tile is covered, and the slow dimension takes the rest. Several warps hold the same elements of a tile that is
/// smaller than the block.
package struct BlockedLayout: Equatable, Sendable {
    /// Tile extent along the slow dimension.
    package let rows: Int
    /// Tile extent along the contiguous dimension.
    package let columns: Int
    /// Neighbouring elements of a thread along the contiguous dimension.
    package let elementsPerThread: Int
    package let laneRows: Int
    package let laneColumns: Int
    package let warpRows: Int
    package let warpColumns: Int

    /// Spreads `rows` by `columns` over `warps` warps, `elementsPerThread` neighbours to a thread.
    package init(rows: Int, columns: Int, elementsPerThread: Int, warps: Int) {
        self.rows = rows
        self.columns = columns
        self.elementsPerThread = elementsPerThread
        let lanes = 32
        let threads = max(1, min(lanes * warps, columns / elementsPerThread))
        laneColumns = min(threads, lanes)
        laneRows = lanes / laneColumns
        warpColumns = max(1, min(threads / laneColumns, warps))
        warpRows = warps / warpColumns
    }

    private init(
        rows: Int, columns: Int, elementsPerThread: Int, laneRows: Int, laneColumns: Int, warpRows: Int,
        warpColumns: Int
    ) {
        self.rows = rows
        self.columns = columns
        self.elementsPerThread = elementsPerThread
        self.laneRows = laneRows
        self.laneColumns = laneColumns
        self.warpRows = warpRows
        self.warpColumns = warpColumns
    }

    /// A one-dimensional layout: all lanes and warps along the vector.
    package init(length: Int, elementsPerThread: Int, warps: Int) {
        self.init(
            rows: 1, columns: length, elementsPerThread: elementsPerThread, laneRows: 1, laneColumns: 32, warpRows: 1,
            warpColumns: warps)
    }

    /// The layout that the compiler picks for a load or store of its own. A thread takes as many neighbours as 16
    /// bytes, the alignment, and the tile's size over the block's threads allow.
    ///
    /// - Parameters:
    ///   - alignment: elements that may move at once, from `ArgumentAlignment.contiguousElements`.
    ///   - widest: elements a thread of another access that shares the layout, where that is more.
    package static func coalesced(
        rows: Int, columns: Int, alignment: Int, elementBytes: Int, warps: Int, widest: Int = 1
    ) -> BlockedLayout {
        let wanted = min(max(widest, min(alignment, max(1, 16 / elementBytes))), columns)
        let perThread = max(1, min(wanted, rows * columns / (32 * warps)))
        return BlockedLayout(rows: rows, columns: columns, elementsPerThread: perThread, warps: warps)
    }

    /// The one-dimensional counterpart of `coalesced(rows:columns:alignment:elementBytes:warps:)`.
    package static func coalesced(length: Int, alignment: Int, elementBytes: Int, warps: Int) -> BlockedLayout {
        let wanted = min(alignment, max(1, 16 / elementBytes), length)
        let perThread = max(1, min(wanted, length / (32 * warps)))
        return BlockedLayout(length: length, elementsPerThread: perThread, warps: warps)
    }

    /// Warps that repeat another warp's rows.
    private var rowReplicas: Int { warpRows / max(1, min(warpRows, rows / laneRows)) }
    /// Warps that repeat another warp's columns.
    private var columnReplicas: Int {
        warpColumns / max(1, min(warpColumns, columns / (laneColumns * elementsPerThread)))
    }

    /// Requests of a tile in this layout. A lane moves at most `vector` elements at once.
    package func requests(elementBytes: Int, vector: Int) -> RequestShape {
        RequestShape(
            rows: laneRows, lanesPerRow: laneColumns, laneBytes: accessBytes(elementBytes, vector),
            laneStrideBytes: elementsPerThread * elementBytes, replicas: rowReplicas * columnReplicas)
    }

    /// Requests of a tile whose rows lie along this layout's columns. A thread moves one element at a time.
    package func transposedRequests(elementBytes: Int) -> RequestShape {
        RequestShape(
            rows: laneColumns, lanesPerRow: laneRows, laneBytes: elementBytes, laneStrideBytes: elementBytes,
            replicas: rowReplicas * columnReplicas)
    }

    /// Requests of a vector that runs along this layout's rows and is the same in every column.
    ///
    /// Where lanes and warps all lie along the columns, a thread holds every row and may move `vector` of them at once.
    package func rowSliceRequests(elementBytes: Int, vector: Int) -> RequestShape {
        let holdsEveryRow = laneRows * warpRows == 1
        let bytes = (holdsEveryRow ? max(1, min(rows, vector, 16 / elementBytes)) : 1) * elementBytes
        return RequestShape(
            rows: 1, lanesPerRow: laneRows, laneBytes: bytes, laneStrideBytes: bytes,
            replicas: warpColumns * rowReplicas)
    }

    /// Requests of a vector that runs along this layout's columns and is the same in every row.
    package func columnSliceRequests(elementBytes: Int, vector: Int) -> RequestShape {
        RequestShape(
            rows: 1, lanesPerRow: laneColumns, laneBytes: accessBytes(elementBytes, vector),
            laneStrideBytes: elementsPerThread * elementBytes, replicas: warpRows * columnReplicas)
    }

    private func accessBytes(_ elementBytes: Int, _ vector: Int) -> Int {
        max(1, min(elementsPerThread, vector, 16 / elementBytes)) * elementBytes
    }
}
