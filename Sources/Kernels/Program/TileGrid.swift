import Trace

/// The grid of most tile kernels: (tiles, batch and chunk, z). Tile columns vary fastest, and the batch varies faster
/// than the chunk.
struct TileGrid {
    let grid: Grid
    private let batch: Int
    private let rowTile: Int
    private let columnTile: Int
    private let columnTiles: Int
    private let shape: SSDShape

    /// Tiles of `rowTile` by `columnTile` over a result of `rows` by `columns`. Each batch and chunk has `z` such
    /// results.
    init(shape: SSDShape, rows: Int, rowTile: Int, columns: Int, columnTile: Int, z: Int) {
        self.shape = shape
        batch = shape.batch
        self.rowTile = rowTile
        self.columnTile = columnTile
        columnTiles = columns.dividedRoundingUp(by: columnTile)
        grid = Grid(x: rows.dividedRoundingUp(by: rowTile) * columnTiles, y: shape.batch * shape.chunkCount, z: z)
    }

    /// The place of linear block `block`.
    func place(ofBlock block: Int) -> TilePlace {
        let (tile, batchAndChunk, z) = grid.coordinates(of: block)
        let chunk = batchAndChunk / batch
        return TilePlace(
            batch: batchAndChunk % batch, chunk: chunk, z: z, row: tile / columnTiles * rowTile,
            column: tile % columnTiles * columnTile, valid: shape.validLength(ofChunk: chunk))
    }
}

/// Where one block works.
struct TilePlace {
    var batch: Int
    var chunk: Int
    /// The head, or the group and the head split. The kernel decides which.
    var z: Int
    /// First row and first column of the block's tile.
    var row: Int
    var column: Int
    /// Valid positions of the chunk.
    var valid: Int
}

extension TensorView {
    /// `rows` by `columns` elements of `head` in the place's chunk, from `row` and `column` on. Negative extents count
    /// as zero.
    @inline(__always)
    func region(
        _ place: TilePlace, head: Int, row: Int = 0, column: Int = 0, rows: Int = 1, columns: Int
    ) -> TileRegion {
        region(
            batch: place.batch, chunk: place.chunk, head: head, row: row, column: column, rows: rows, columns: columns)
    }
}
