import Trace

/// Which part of which tensor a block of ch_scan_fwd touches. Both views of the kernel use it.
struct ChunkScanGeometry {
    let shape: SSDShape
    let tiling: Tiling
    let allocation: SSDAllocation
    let columnTiles: Int
    let grid: Grid
    /// State columns of a trip of the leading product.
    let stateTile: Int
    /// Trips of the leading product. It has one trip where it is done at once.
    let stateTrips: Int
    /// Positions of a trip of the main loop.
    let positionTile: Int

    init(shape: SSDShape, tiling: Tiling, allocation: SSDAllocation) {
        self.shape = shape
        self.tiling = tiling
        self.allocation = allocation
        columnTiles = shape.headDim.dividedRoundingUp(by: tiling.n)
        grid = Grid(
            x: shape.chunkSize.dividedRoundingUp(by: tiling.m) * columnTiles, y: shape.batch * shape.chunkCount,
            z: shape.heads)
        let wholeState = max(16, shape.stateDim.roundedUpToPowerOfTwo)
        stateTile = wholeState <= 128 ? wholeState : tiling.k
        stateTrips = wholeState <= 128 ? 1 : shape.stateDim.dividedRoundingUp(by: tiling.k)
        positionTile = tiling.k
    }

    /// Where one block works.
    struct Place {
        var batch: Int
        var chunk: Int
        var head: Int
        var group: Int
        var firstRow: Int
        var firstColumn: Int
        var valid: Int
    }

    func place(ofBlock block: Int) -> Place {
        let (tile, batchAndChunk, head) = grid.coordinates(of: block)
        let chunk = batchAndChunk / shape.batch
        return Place(
            batch: batchAndChunk % shape.batch, chunk: chunk, head: head, group: head / shape.headsPerGroup,
            firstRow: tile / columnTiles * tiling.m, firstColumn: tile % columnTiles * tiling.n,
            valid: shape.validLength(ofChunk: chunk))
    }

    /// Trips of the main loop. They cover the positions up to the tile's last row or the chunk's end.
    func trips(_ place: Place) -> Int {
        min(place.firstRow + tiling.m, place.valid).dividedRoundingUp(by: tiling.k)
    }

    @inline(__always)
    func rowDecayRegion(_ place: Place) -> TileRegion {
        allocation.decaySums.region(
            batch: place.batch, chunk: place.chunk, head: place.head, column: place.firstRow, rows: 1,
            columns: min(tiling.m, shape.chunkSize - place.firstRow))
    }

    /// The last position of the chunk before. It is empty in the first chunk.
    func previousSequenceRegion(_ place: Place) -> TileRegion {
        sequenceView.region(
            batch: place.batch, chunk: place.chunk, column: -1, rows: place.chunk > 0 ? 1 : 0, columns: 1)
    }

    func rowSequenceRegion(_ place: Place) -> TileRegion {
        sequenceView.region(
            batch: place.batch, chunk: place.chunk, column: place.firstRow, rows: 1,
            columns: min(tiling.m, place.valid - place.firstRow))
    }

    private var sequenceView: TensorView { allocation.sequenceIndex ?? allocation.decaySums }

    @inline(__always)
    func cRegion(_ place: Place, state: Int) -> TileRegion {
        allocation.c.region(
            batch: place.batch, chunk: place.chunk, head: place.group, row: place.firstRow, column: state,
            rows: min(tiling.m, place.valid - place.firstRow), columns: min(stateTile, shape.stateDim - state))
    }

    @inline(__always)
    func previousStatesRegion(_ place: Place, state: Int) -> TileRegion {
        allocation.previousStates.region(
            batch: place.batch, chunk: place.chunk, head: place.head, row: place.firstColumn, column: state,
            rows: min(tiling.n, shape.headDim - place.firstColumn), columns: min(stateTile, shape.stateDim - state))
    }

    @inline(__always)
    func productsRegion(_ place: Place, _ position: Int) -> TileRegion {
        allocation.products.region(
            batch: place.batch, chunk: place.chunk, head: place.group, row: place.firstRow, column: position,
            rows: min(tiling.m, shape.chunkSize - place.firstRow), columns: min(tiling.k, shape.chunkSize - position))
    }

    @inline(__always)
    func decayRegion(_ place: Place, _ position: Int) -> TileRegion {
        perPositionRegion(allocation.decaySums, place, position)
    }

    @inline(__always)
    func timeStepRegion(_ place: Place, _ position: Int) -> TileRegion {
        perPositionRegion(allocation.processedTimeStep, place, position)
    }

    @inline(__always)
    private func perPositionRegion(_ view: TensorView, _ place: Place, _ position: Int) -> TileRegion {
        view.region(
            batch: place.batch, chunk: place.chunk, head: place.head, column: position, rows: 1,
            columns: min(tiling.k, shape.chunkSize - position))
    }

    @inline(__always)
    func xRegion(_ place: Place, _ position: Int) -> TileRegion {
        allocation.x.region(
            batch: place.batch, chunk: place.chunk, head: place.head, row: position, column: place.firstColumn,
            rows: min(tiling.k, place.valid - position), columns: min(tiling.n, shape.headDim - place.firstColumn))
    }

    /// D of the block's head, or of the head's columns in this tile.
    func skipRegion(_ place: Place) -> TileRegion {
        let view = allocation.skip ?? allocation.decayRate
        guard shape.skip == .perChannel else { return view.region(head: place.head, rows: 1, columns: 1) }
        return view.region(
            head: place.head, column: place.firstColumn, rows: 1,
            columns: min(tiling.n, shape.headDim - place.firstColumn))
    }

    /// The block's own rows and columns of a tensor laid out like x.
    @inline(__always)
    func rowTileRegion(_ view: TensorView, _ place: Place) -> TileRegion {
        view.region(
            batch: place.batch, chunk: place.chunk, head: place.head, row: place.firstRow, column: place.firstColumn,
            rows: min(tiling.m, place.valid - place.firstRow),
            columns: min(tiling.n, shape.headDim - place.firstColumn))
    }
}
