/// Which tile cuBLAS took for which product. Its heuristic is not public, so the table has what was seen.
///
/// *Source:* names and grids of the `nvjet` launches of 58 single products and of whole training steps of Mamba-2,
/// hybrid, MambaVision and graph models on an H200 (PyTorch 2.11, CUDA 13.0, bf16).
struct GEMMTileTable: Sendable {
    struct Entry: Sendable {
        var rows: Int
        var columns: Int
        var depth: Int
        /// `GEMMShape.letters`.
        var letters: String
        var hasBias: Bool
        var tile: GEMMTile
        /// Parts of the depth that blocks multiply by themselves; 1 where the depth is not divided.
        var splits: Int
    }

    let entries: [Entry]

    /// The measured table.
    static let measured = GEMMTileTable(text)

    /// Reads lines such as `320 1280 25088 NT 128x160_64x5_2x2_h/6`: rows, columns, depth, letters with + for a bias,
    /// tile, and splits if there are several. Lines that say anything else are left out; a test counts them.
    init(_ text: String) {
        entries = text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 5, let rows = Int(words[0]), let columns = Int(words[1]), let depth = Int(words[2])
            else { return nil }
            let parts = words[4].split(separator: "/")
            guard let tile = GEMMTile(parts[0]), let splits = parts.count == 1 ? 1 : Int(parts[1]) else { return nil }
            return Entry(
                rows: rows, columns: columns, depth: depth, letters: words[3].filter { $0 != "+" },
                hasBias: words[3].hasSuffix("+"), tile: tile, splits: splits)
        }
    }

    static let text = """
        40 256 65536 TT 64x32_64x16_1x2_h/16
        56 320 6272 NT 64x32_64x16_4x2_h/4
        128 128 65536 NT 64x64_64x13_2x2_h/16
        128 128 524288 NT 64x64_64x13_1x2_h/33
        128 256 65536 NT 64x64_64x13_1x2_h/16
        128 256 65536 TT 64x64_64x13_2x1_v/16
        128 640 1000 NN 64x16_64x16_2x4_h
        128 1000 640 TN+ 24x64_64x16_4x2_h
        192 5120 4096 NT 128x64_64x8_4x1_v
        256 8 65536 NN 32x64_64x16_1x2_h/33
        256 128 65536 NT 64x64_64x13_1x2_h/16
        256 65536 8 TN 256x128_64x4_1x2_h
        256 65536 40 TT 256x128_64x4_1x2_h
        256 65536 128 TT 256x128_64x4_1x2_h
        320 40 6272 NT 32x64_64x16_2x4_h/4
        320 320 25088 NT 64x64_64x13_1x1_h/5
        320 1280 25088 NT 128x160_64x5_2x2_h/6
        512 128 65536 NN 64x128_64x8_2x1_v/16
        512 65536 128 TN 256x128_64x4_1x2_h
        640 640 6272 NT 64x64_64x13_2x4_h
        640 2560 6272 NT 128x128_64x6_4x2_h
        960 320 25088 NT 64x192_64x6_1x1_h/5
        1000 640 128 NT 64x96_64x8_2x4_h
        1000 1000 1000 NN 64x128_64x8_2x1_v
        1000 1000 1000 NT 128x64_64x8_1x2_h
        1000 1000 1000 TN 128x64_64x8_1x2_h
        1280 320 25088 NT 64x256_64x5_1x1_h/5
        1920 640 6272 NT 64x192_64x6_4x2_h
        2048 2048 2048 NN 256x128_64x4_1x2_h
        2048 2048 2048 NT 128x256_64x4_2x1_v
        2048 2048 2048 TN 256x128_64x4_1x2_h
        2560 640 6272 NT 128x128_64x6_2x4_h
        4096 192 5120 TN 96x64_64x10_1x2_h
        4096 4096 4096 NN 256x128_64x4_1x2_h
        4096 4096 4096 NT 128x256_64x4_2x1_v
        4096 4096 4096 TN 256x128_64x4_1x2_h
        4096 4096 6144 NN 256x128_64x4_1x2_h
        4096 4096 8192 TN 256x128_64x4_1x2_h
        4096 4096 16384 NN 256x128_64x4_1x2_h
        4096 4096 16384 TN 256x128_64x4_1x2_h
        4096 4096 18560 NN 256x128_64x4_1x2_h
        4096 4096 32000 NN 256x128_64x4_1x2_h
        4096 5120 192 NN 320x128_64x3_1x2_h
        4096 6144 4096 TN 256x128_64x4_1x2_h
        4096 8192 4096 NN 256x128_64x4_1x2_h
        4096 8192 4096 NT 128x256_64x4_2x1_v
        4096 16384 4096 NN 320x128_64x3_1x2_h
        4096 16384 4096 NT 320x128_64x3_1x2_h
        4096 16384 4096 TN 320x128_64x3_1x2_h
        4096 18560 4096 TN 256x128_64x4_1x2_h
        4096 32000 4096 TN 320x128_64x3_1x2_h
        6144 4096 4096 NT 128x256_64x4_2x1_v
        6272 40 320 NN 64x64_64x13_1x4_h
        6272 56 320 TN 56x64_64x14_1x4_h
        6272 320 40 TN+ 64x256_64x5_1x2_h
        6272 320 56 NN 64x256_64x5_1x2_h
        6272 640 640 NN 128x256_64x4_1x2_h
        6272 640 640 TN 128x256_64x4_1x2_h
        6272 640 640 TN+ 128x256_64x4_1x2_h
        6272 640 1920 NN 128x256_64x4_1x2_h
        6272 640 2560 NN 128x256_64x4_1x2_h
        6272 640 2560 TN+ 128x256_64x4_1x2_h
        6272 1920 640 TN+ 192x128_64x5_1x2_h
        6272 2560 640 NN 320x128_64x3_2x1_v
        6272 2560 640 TN+ 128x192_64x5_2x1_v
        8192 10576 2560 TN 304x128_64x3_1x2_h
        10576 2560 8192 NT 192x192_64x3_2x1_v
        16384 4096 4096 NT 320x128_64x3_1x2_h
        18560 4096 4096 NT 256x128_64x4_1x2_h
        25088 320 320 NN 160x128_64x5_1x2_h
        25088 320 320 TN 160x128_64x5_1x2_h
        25088 320 320 TN+ 168x128_64x5_1x2_h
        25088 320 960 NN 160x128_64x5_1x2_h
        25088 320 1280 NN 160x128_64x5_1x2_h
        25088 320 1280 TN+ 168x128_64x5_1x2_h
        25088 960 320 TN+ 192x192_64x4_1x2_h
        25088 1280 320 NN 320x128_64x3_1x2_h
        25088 1280 320 TN+ 128x192_64x5_2x1_v
        32000 4096 4096 NT 320x128_64x3_1x2_h
        65536 8 256 NT 32x512_64x3_1x2_h
        65536 40 256 TT 40x512_64x3_1x2_h
        65536 128 128 NN 128x256_64x4_1x2_h
        65536 128 128 TN+ 128x256_64x4_1x2_h
        65536 128 256 NN 128x256_64x4_1x2_h
        65536 128 256 TN+ 128x256_64x4_1x2_h
        65536 128 256 TT 128x256_64x4_1x2_h
        65536 128 512 NT 128x256_64x4_1x2_h
        65536 256 128 NN 128x256_64x4_2x1_v
        65536 256 128 TN+ 128x256_64x4_2x1_v
        524288 128 128 NN 128x192_64x5_1x2_h
        524288 128 128 TN 128x192_64x5_1x2_h
        524288 128 128 TN+ 128x192_64x5_1x2_h
        """
}

extension GEMMTileTable {
    /// The tile of a product, and the parts of its depth.
    ///
    /// A product of the table has its tile. Another one gets the tile of the table that would take least time, where a
    /// tile counts the longer the less its own products are like this one. Left out in turn, the table's products get
    /// tiles whose operands differ by 4.7 % in bytes, and 78 % get their grid; with the tile of the nearest product it
    /// would be 8 % in bytes and 79 %.
    func choice(for shape: GEMMShape, multiprocessors: Int) -> (tile: GEMMTile, splits: Int) {
        if let entry = entries.first(where: { distance(from: shape, to: $0) == 0 }) {
            return (entry.tile, entry.splits)
        }
        var nearest: [GEMMTile: (distance: Double, divides: Bool)] = [:]
        for entry in entries {
            let here = distance(from: shape, to: entry)
            let known = nearest[entry.tile]
            nearest[entry.tile] = (
                min(here, known?.distance ?? here), entry.splits > 1 || known?.divides ?? false
            )
        }
        var best = (tile: entries[0].tile, splits: 1)
        var least = Double.infinity
        // The table's order decides between equals.
        for entry in entries {
            guard let (distance, divides) = nearest.removeValue(forKey: entry.tile) else { continue }
            let tile = entry.tile
            let most = tile.mostClusters(multiprocessors: multiprocessors)
            let groups = tile.groups(of: shape)
            let splits = divides && shape.batch == 1 ? max(1, most / groups) : 1
            let here =
                Self.cycles(of: shape, tile: tile, splits: splits, clusters: min(most, groups * splits))
                * (1 + 0.039 * distance)
            if here < least { (best, least) = ((tile, splits), here) }
        }
        return best
    }

    /// Cycles that a product would take: what products or operands take, whichever is longer, and the tiles' ends.
    ///
    /// The constants are fitted on the table's choices, each product left out in turn: 47 bytes a cycle to an SM, 1.5 %
    /// lost in tiles of 256 x 128 and more in smaller ones, 1,270 to 3,600 cycles a tile, 640 for each part of a depth.
    private static func cycles(of shape: GEMMShape, tile: GEMMTile, splits: Int, clusters: Int) -> Double {
        let area = Double(tile.rows * tile.columns)
        let steps = shape.depth.dividedRoundingUp(by: tile.depth).dividedRoundingUp(by: splits)
        let rounds = (tile.groups(of: shape) * splits).dividedRoundingUp(by: clusters)
        let products = area * Double(tile.depth) / 2048
        let loads = Double((tile.rows + tile.columns) * tile.depth * 2) / 47
        let step = max(products, loads) * (1 + 0.015 * 32_768 / area)
        return Double(rounds) * (Double(steps) * step + 2330 * area / 32_768 + 1270)
            + (splits > 1 ? 640 * Double(splits) : 0)
    }

    /// How unlike two products are: the ratios of rows and columns in doublings, a third of the depth's, and a half or
    /// a third where an operand lies otherwise or only one has a bias.
    private func distance(from shape: GEMMShape, to entry: Entry) -> Double {
        // Whole doublings, and how far the rest goes towards the next one: monotonic, and without a logarithm.
        func doublings(_ one: Int, _ other: Int) -> Double {
            let quotient = Double(max(one, other)) / Double(min(one, other))
            return Double(quotient.exponent) + quotient.significand - 1
        }
        return doublings(shape.rows, entry.rows) + doublings(shape.columns, entry.columns)
            + 0.3 * doublings(shape.depth, entry.depth)
            + (shape.rightIsTransposed == entry.letters.hasPrefix("T") ? 0 : 0.5)
            + (shape.leftIsTransposed == entry.letters.hasSuffix("T") ? 0 : 0.5)
            + (shape.hasBias == entry.hasBias ? 0 : 0.3) + doublings(shape.batch, 1)
    }
}
