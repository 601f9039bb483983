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
    ///   - tile: nil takes what cuBLAS would take, with its parts of the depth.
    ///   - splits: nil follows the tile's choice; a given tile does not divide the depth by itself.
    package init(_ shape: GEMMShape, tile: GEMMTile? = nil, splits: Int? = nil, multiprocessors: Int = 132) {
        let choice =
            tile.map { ($0, 1) } ?? GEMMTileTable.measured.choice(for: shape, multiprocessors: multiprocessors)
        self.shape = shape
        self.tile = choice.0
        groupColumns = shape.columns.dividedRoundingUp(by: choice.0.columns * choice.0.clusterColumns)
        groupRows = shape.rows.dividedRoundingUp(by: choice.0.rows * choice.0.clusterRows)
        self.splits = max(1, min(splits ?? choice.1, shape.depth.dividedRoundingUp(by: choice.0.depth)))
        clusters = min(
            choice.0.mostClusters(multiprocessors: multiprocessors),
            groupColumns * groupRows * shape.batch * self.splits)
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
