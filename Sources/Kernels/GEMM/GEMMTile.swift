/// How one of cuBLAS's `nvjet` kernels divides a product, as its name has it: `256x128_64x4_1x2_h` is a tile of 256
/// columns and 128 rows of the output, 64 deep steps in 4 stages, clusters of 1 x 2 blocks, and a horizontal raster.
package struct GEMMTile: Equatable, Hashable, Sendable {
    /// Columns and rows of the output that a tile covers. cuBLAS counts in column-major order and names the columns
    /// first.
    package var columns: Int
    package var rows: Int
    /// Elements of the depth that a step takes. All kernels measured have 64, a line of two-byte elements.
    package var depth: Int
    /// Steps whose operands fit shared memory together.
    package var stages: Int
    /// Blocks of a cluster along the columns and along the rows.
    package var clusterColumns: Int
    package var clusterRows: Int
    package var raster: Raster

    /// The direction in which bands of tiles lie.
    package enum Raster: String, Sendable {
        /// A band is a few tiles of columns wide and goes down all rows.
        case horizontal = "h"
        /// A band is a few tiles of rows high and goes across all columns.
        case vertical = "v"
    }

    /// The tile with this name; nil where the text is no name.
    package init?(_ name: some StringProtocol) {
        let parts = name.split(separator: "_")
        guard parts.count == 4, let raster = Raster(rawValue: String(parts[3])) else { return nil }
        var numbers: [Int] = []
        for part in parts.prefix(3) {
            let sides = part.split(separator: "x").compactMap { Int($0) }
            guard sides.count == 2, sides.allSatisfy({ $0 > 0 && $0 <= 1024 }) else { return nil }
            numbers += sides
        }
        (columns, rows, depth, stages) = (numbers[0], numbers[1], numbers[2], numbers[3])
        (clusterColumns, clusterRows) = (numbers[4], numbers[5])
        self.raster = raster
        // Groups of copies in flight, and the SMs that a multicast reaches.
        guard stages < 16 + 1, [clusterColumns, clusterRows].allSatisfy({ [1, 2, 4, 8].contains($0) }) else {
            return nil
        }
    }

    package var name: String {
        "\(columns)x\(rows)_\(depth)x\(stages)_\(clusterColumns)x\(clusterRows)_\(raster.rawValue)"
    }

    package var clusterSize: Int { clusterColumns * clusterRows }

    /// The most clusters that the GPU holds at once, with one block an SM. *Source:* grids of 90 launches of the H200's
    /// 132 SMs: 132 blocks, 66 clusters of two, 30 of four. GPCs of 16 and 18 SMs hold no more. Of clusters of eight 15
    /// were seen, and no launch wanted more.
    package func mostClusters(multiprocessors: Int) -> Int {
        switch clusterSize {
        case 1: multiprocessors
        case 2: max(1, multiprocessors / 2)
        case 4: max(1, multiprocessors * 30 / 132)
        default: max(1, multiprocessors * 120 / 132 / clusterSize)
        }
    }

    /// Clusters' worth of tiles in all products of a batch.
    func groups(of shape: GEMMShape) -> Int {
        shape.columns.dividedRoundingUp(by: columns * clusterColumns)
            * shape.rows.dividedRoundingUp(by: rows * clusterRows) * shape.batch
    }

    /// Dynamic shared memory of a block in bytes: the stages, 16 KiB through which the output passes, and barriers.
    ///
    /// A side that lies side by side in memory is rounded up to whole boxes of 64 elements, unless it is shorter than
    /// one (32 x 64 and 32 x 512 have no more than others). *Source:* 25 tiles, within 70 bytes, but for 192 x 192, 128
    /// x 160 and one of the layouts of 160 x 128, which have 20 to 24 KiB more or less.
    func sharedMemoryBytes(of shape: GEMMShape) -> Int {
        func boxed(_ side: Int) -> Int { side < 64 ? side : side.dividedRoundingUp(by: 64) * 64 }
        let wide = shape.rightIsTransposed ? columns : boxed(columns)
        let high = shape.leftIsTransposed ? boxed(rows) : rows
        return stages * (wide + high) * depth * 2 + 16_468 + 24 * stages
    }

    /// Tiles of a band, along the columns for a horizontal raster and along the rows for a vertical one.
    ///
    /// *Source:* fitted by an LRU of operand panels on the HBM reads of 25 launches on an H200: 8 tiles of 256 or 192,
    /// 13 of 320 or 304 (mean error 4 to 5 %). Narrower tiles get bands of as many elements, which nobody measured.
    var band: Int {
        let side = raster == .horizontal ? columns : rows
        return side > 256 ? 13 : side >= 192 ? 8 : max(1, 2048 / side)
    }
}
