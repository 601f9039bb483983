/// How one of cuDNN's kernels divides an implicit product.
struct ConvolutionTile: Equatable, Sendable {
    enum Kind: Sendable {
        /// `sm90_xmma`: resident blocks, bulk copies of rows.
        case bulk
        /// The same, whose copies find each row by an index: gradients of the input with a stride.
        case indexed
        /// CUTLASS's kernels for the tensor cores before Hopper's: a block a tile, asynchronous copies of lanes.
        case copied
    }

    var kind: Kind
    /// Rows and columns of the output that a block makes at once, and elements of the depth that a step takes.
    var rows: Int
    var columns: Int
    var depth: Int
    /// Steps whose operands fit shared memory together.
    var stages: Int
    /// Dynamic shared memory of a block in bytes.
    var sharedBytes: Int

    private static func bulk(_ rows: Int, _ columns: Int, _ depth: Int) -> ConvolutionTile {
        // 32 KiB are for the output on its way.
        ConvolutionTile(
            kind: .bulk, rows: rows, columns: columns, depth: depth,
            stages: min(12, (231_424 - 32_768) / ((rows + columns) * depth * 2)), sharedBytes: 231_424)
    }

    private static func indexed(_ rows: Int, _ columns: Int) -> ConvolutionTile {
        ConvolutionTile(
            kind: .indexed, rows: rows, columns: columns, depth: 64,
            stages: (232_448 - 32_768) / ((rows + columns) * 128), sharedBytes: 232_448)
    }

    private static func copied(_ rows: Int, _ columns: Int, stages: Int) -> ConvolutionTile {
        ConvolutionTile(
            kind: .copied, rows: rows, columns: columns, depth: 32, stages: stages,
            sharedBytes: (rows + columns) * 64 * stages)
    }

    /// Cycles of a step, as the choice of a tile counts them: products at 2,048 multiply-adds a cycle, copies at 64
    /// bytes a cycle.
    func stepCycles(countsCopies: Bool = true) -> Int {
        max(rows * columns * depth / 2048, countsCopies ? (rows + columns) * depth * 2 / 64 : 0)
    }

    /// The tile of a product.
    ///
    /// cuDNN's heuristic is not public. This takes the tile of the least time by `stepCycles` and the number of tiles
    /// that a block gets, the first one where two take as long. *Source:* the names of 19 convolutions' kernels on an
    /// H200; this gives 18 of them, all but a 3 x 3 convolution of 160 channels (128 x 128 x 64).
    static func of(_ product: ImplicitProduct, multiprocessors: Int) -> ConvolutionTile {
        let shape = product.shape
        switch product.pass {
        case .forward:
            if shape.inputChannels < 64 { return copied(128, 128, stages: 5) }
        case .inputGradient:
            guard shape.stride.count > 1 else { break }
            if shape.inputChannels % 32 != 0 { return copied(256, 64, stages: 4) }
            // The wider side is along the channels where these fill it.
            return shape.inputChannels >= 256
                ? indexed(128, 256) : indexed(256, shape.inputChannels >= 128 ? 128 : 64)
        case .weightGradient:
            if shape.inputChannels < 64 { return copied(shape.outputChannels <= 64 ? 64 : 128, 128, stages: 4) }
            let candidates = [bulk(128, 128, 64), bulk(256, 64, 64), bulk(128, 64, 64)]
            return least(candidates) { tile in
                let work = WeightGradientWork(product, tile: tile, multiprocessors: multiprocessors)
                let step = tile.stepCycles(countsCopies: work.parts > 1)
                return Double(work.longest * step) * (work.parts > 1 ? 1.05 : 1)
            }
        }
        return least([bulk(128, 128, 64), bulk(128, 128, 32), bulk(256, 64, 32)]) { tile in
            let tiles = product.rows(of: product.classes[0]).dividedRoundingUp(by: tile.rows)
            let columns = product.columns.dividedRoundingUp(by: tile.columns)
            let grid = tile.residentGrid(columns: columns, multiprocessors: multiprocessors)
            let steps = product.depth.dividedRoundingUp(by: tile.depth) * shape.kernel.count
            return Double((tiles * columns).dividedRoundingUp(by: grid.x * grid.y) * steps * tile.stepCycles())
        }
    }

    private static func least(_ tiles: [ConvolutionTile], _ cost: (ConvolutionTile) -> Double) -> ConvolutionTile {
        var best = tiles[0]
        for tile in tiles.dropFirst() where cost(tile) < cost(best) { best = tile }
        return best
    }

    /// The blocks that the GPU holds, where each takes tile after tile.
    ///
    /// *Source:* 13 launches on 132 SMs: (15, 8) for odd and (30, 4) for even numbers of tiles along the columns, (117)
    /// for tiles of 256 x 64 x 32, (66, 2) and (30, 4) for indexed copies. Why, is not known.
    func residentGrid(columns: Int, multiprocessors: Int) -> (x: Int, y: Int) {
        func clusters(_ size: Int) -> Int { max(1, Self.mostClusters(of: size, multiprocessors: multiprocessors)) }
        if kind == .indexed { return columns % 2 == 0 ? (clusters(2), 2) : (clusters(4), 4) }
        if rows == 256 { return (clusters(3) * 3, 1) }
        return columns % 2 == 0 ? (clusters(4), 4) : (clusters(8), 8)
    }

    /// The most clusters of so many blocks that the GPU holds at once. *Source:* grids on 132 SMs.
    static func mostClusters(of size: Int, multiprocessors: Int) -> Int {
        let measured = [1: 132, 2: 66, 3: 39, 4: 30, 5: 22, 6: 18, 7: 16, 8: 15]
        return multiprocessors * (measured[size] ?? 0) / 132
    }
}
