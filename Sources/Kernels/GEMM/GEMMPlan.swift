import Trace

/// How a product is launched: its tile, the parts of its depth, and the blocks.
package struct GEMMPlan: Equatable, Sendable {
    package let shape: GEMMShape
    package let tile: GEMMTile
    /// Parts of the depth whose products are added by a launch of their own; 1 where there is one part.
    package let splits: Int
    /// Clusters along the columns and along the rows of the output.
    let groupColumns: Int
    let groupRows: Int
    /// Resident clusters. Each takes every `clusters`-th group of tiles.
    package let clusters: Int

    /// - Parameters:
    ///   - tile: nil takes the tile that the measured table has for the nearest shape.
    ///   - splits: nil takes what the table has for this shape, or as many as the GPU holds clusters for.
    package init(_ shape: GEMMShape, tile: GEMMTile? = nil, splits: Int? = nil, multiprocessors: Int = 132) {
        let entry = GEMMTileTable.measured.nearest(to: shape)
        let tile = tile ?? entry.tile
        self.shape = shape
        self.tile = tile
        groupColumns = shape.columns.dividedRoundingUp(by: tile.columns * tile.clusterColumns)
        groupRows = shape.rows.dividedRoundingUp(by: tile.rows * tile.clusterRows)
        let most = tile.mostClusters(multiprocessors: multiprocessors)
        let steps = shape.depth.dividedRoundingUp(by: tile.depth)
        let groups = groupColumns * groupRows * shape.batch
        var parts = splits ?? 1
        if splits == nil, entry.splits > 1, tile == entry.tile, shape.batch == 1 {
            let isSame =
                (entry.rows, entry.columns, entry.depth) == (shape.rows, shape.columns, shape.depth)
                && entry.letters == shape.letters
            parts = isSame ? entry.splits : most / groups
        }
        self.splits = max(1, min(parts, steps))
        clusters = min(most, groups * self.splits)
    }

    /// Groups of tiles that clusters take one after the other, over all parts of the depth and products of a batch.
    package var groups: Int { groupColumns * groupRows * splits * shape.batch }
    package var steps: Int { shape.depth.dividedRoundingUp(by: tile.depth) }
    /// Steps of a part of the depth. The last part may have fewer.
    var stepsOfSplit: Int { steps.dividedRoundingUp(by: splits) }

    package var grid: Grid { Grid(x: tile.clusterSize, y: clusters) }

    /// The place of a group of tiles.
    struct Group: Equatable {
        /// Its number along the columns and the rows, in clusters.
        var column: Int
        var row: Int
        var split: Int
        var batch: Int
    }

    /// The group that comes at place `index` of the raster: bands of a few tiles, each walked from end to end with the
    /// tiles across it side by side.
    func group(_ index: Int) -> Group {
        let perSplit = groupColumns * groupRows
        let (place, outer) = (index % perSplit, index / perSplit)
        let isHorizontal = tile.raster == .horizontal
        let (across, along) = isHorizontal ? (groupColumns, groupRows) : (groupRows, groupColumns)
        let width = max(1, tile.band / (isHorizontal ? tile.clusterColumns : tile.clusterRows))
        let band = place / (width * along)
        let here = min(width, across - band * width)
        let rest = place - band * width * along
        let (first, second) = (band * width + rest % here, rest / here)
        return Group(
            column: isHorizontal ? first : second, row: isHorizontal ? second : first, split: outer % splits,
            batch: outer / splits)
    }
}
