/// How the blocks of a gradient of weights divide its tiles and its depth among themselves.
///
/// Clusters lie along the columns. Each part of the depth has as many clusters as cover the output. Where the GPU does
/// not hold that many, resident blocks divide all steps evenly. *Source:* the grids of five launches on an H200.
struct WeightGradientWork: Sendable {
    /// A run of steps of one tile.
    struct Run: Sendable {
        var row: Int
        var column: Int
        var steps: Range<Int>
        /// Whether the tile lies within the output.
        var isValid: Bool
    }

    let rowTiles: Int
    /// Tiles along the columns: those of each place of the kernel.
    let columnTiles: Int
    let steps: Int
    /// Blocks of a cluster.
    let cluster: Int
    /// Parts of the depth; 0 where resident blocks divide all steps evenly.
    let parts: Int
    let blocks: Int
    /// Tiles along the columns with those that fill clusters up.
    private let paddedColumns: Int

    init(_ product: ImplicitProduct, tile: ConvolutionTile, multiprocessors: Int) {
        rowTiles = product.rows(of: product.classes[0]).dividedRoundingUp(by: tile.rows)
        columnTiles =
            product.shape.kernel.count * product.columns.dividedRoundingUp(by: tile.columns)
        steps = product.depth.dividedRoundingUp(by: tile.depth)
        var best = (cluster: 1, parts: 0, useful: 0)
        for size in 1...8 {
            let clusters = rowTiles * columnTiles.dividedRoundingUp(by: size)
            let parts = min(steps, ConvolutionTile.mostClusters(of: size, multiprocessors: multiprocessors) / clusters)
            // The largest clusters of those that leave least of the GPU without a tile.
            let useful = parts * rowTiles * columnTiles
            if size > 1, parts > 0, useful >= best.useful { best = (size, parts, useful) }
        }
        if best.parts > 0 {
            (cluster, parts) = (best.cluster, best.parts)
            paddedColumns = columnTiles.dividedRoundingUp(by: cluster) * cluster
            blocks = parts * rowTiles * paddedColumns
        } else {
            let tiles = columnTiles
            cluster = (2...8).reversed().first { tiles % $0 == 0 } ?? 1
            parts = 0
            paddedColumns = columnTiles
            blocks = max(1, cluster * ConvolutionTile.mostClusters(of: cluster, multiprocessors: multiprocessors))
        }
    }

    /// Whether blocks leave sums of parts of the depth in memory.
    var leavesSums: Bool { parts != 1 }
    /// Steps of the block that has most.
    var longest: Int {
        parts == 0
            ? (rowTiles * columnTiles * steps).dividedRoundingUp(by: blocks) : steps.dividedRoundingUp(by: parts)
    }

    /// What a block does, in order.
    func runs(ofBlock block: Int) -> [Run] {
        guard parts == 0 else {
            let (place, column) = block.quotientAndRemainder(dividingBy: paddedColumns)
            let (part, row) = place.quotientAndRemainder(dividingBy: rowTiles)
            return [
                Run(
                    row: row, column: min(column, columnTiles - 1),
                    steps: steps * part / parts..<steps * (part + 1) / parts, isValid: column < columnTiles)
            ]
        }
        let total = rowTiles * columnTiles * steps
        let end = total * (block + 1) / blocks
        var step = total * block / blocks
        var runs: [Run] = []
        while step < end {
            let (tile, first) = step.quotientAndRemainder(dividingBy: steps)
            let last = min(steps, first + end - step)
            runs.append(
                Run(row: tile / columnTiles, column: tile % columnTiles, steps: first..<last, isValid: true))
            step += last - first
        }
        return runs
    }
}
