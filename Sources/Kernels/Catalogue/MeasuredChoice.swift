#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the autotuner chose for one measured shape. *Source:* h200_ssd.csv, columns blocks, num_warps, num_stages.
struct MeasuredChoice: Sendable {
    let batch: Int
    let sequenceLength: Int
    let heads: Int
    let headDim: Int
    let stateDim: Int
    let chunkSize: Int
    /// One a kernel, in the order of `Registry.kernels`. No measured launch has a gate: ch_scan_bwd_dz takes 64 rows.
    let tilings: [Tiling]

    private init(
        batch: Int, sequenceLength: Int, heads: Int, headDim: Int = 64, stateDim: Int = 128, chunkSize: Int,
        cumsumHeads: Int, state: Tiling = TilingTable.tiles[4], product: Tiling, scan: Tiling, cumsumHeadsBackward: Int? = nil,
        inputGradient: Tiling = TilingTable.wideTiles[7], factorB: (m: Int, n: Int) = (64, 128), factorC: (m: Int, n: Int) = (128, 64),
        productGradient: (m: Int, n: Int) = (64, 32), productBackward: Tiling = TilingTable.tiles[4]
    ) {
        self.batch = batch
        self.sequenceLength = sequenceLength
        self.heads = heads
        self.headDim = headDim
        self.stateDim = stateDim
        self.chunkSize = chunkSize
        func simple(m: Int = 0, n: Int = 0, heads: Int = 0, block: Int = 0) -> Tiling {
            Tiling(m: m, n: n, heads: heads, block: block, warps: 4, stages: 3)
        }
        tilings = [
            simple(heads: cumsumHeads), state, simple(block: 1024), product, scan, simple(m: 64), state, simple(block: 512),
            inputGradient, simple(m: factorB.m, n: factorB.n), simple(m: factorC.m, n: factorC.n),
            simple(m: productGradient.m, n: productGradient.n), productBackward, simple(m: 64, n: 32),
            simple(heads: cumsumHeadsBackward ?? cumsumHeads),
        ]
    }

    private static let large = TilingTable.tiles[0]
    private static let middle = TilingTable.tiles[4]
    private static let tall = TilingTable.tiles[3]
    private static let small = TilingTable.tiles[6]
    private static let low = TilingTable.tiles[7]
    private static let square = TilingTable.tiles[8]

    static let all = [
        MeasuredChoice(
            batch: 1, sequenceLength: 4096, heads: 128, chunkSize: 128, cumsumHeads: 16, product: middle, scan: square),
        MeasuredChoice(
            batch: 2, sequenceLength: 4096, heads: 128, chunkSize: 256, cumsumHeads: 8, product: large, scan: low),
        MeasuredChoice(
            batch: 1, sequenceLength: 2048, heads: 80, chunkSize: 256, cumsumHeads: 4, product: large, scan: low),
        MeasuredChoice(
            batch: 8, sequenceLength: 2048, heads: 24, chunkSize: 256, cumsumHeads: 2, product: large, scan: low),
        MeasuredChoice(
            batch: 4, sequenceLength: 2048, heads: 64, chunkSize: 64, cumsumHeads: 16, product: small, scan: square,
            factorB: (64, 64), productGradient: (32, 32), productBackward: low),
        MeasuredChoice(
            batch: 2, sequenceLength: 1000, heads: 48, chunkSize: 256, cumsumHeads: 2, product: large, scan: low,
            cumsumHeadsBackward: 1),
        MeasuredChoice(
            batch: 2, sequenceLength: 4096, heads: 32, headDim: 128, stateDim: 64, chunkSize: 128, cumsumHeads: 2,
            state: tall, product: middle, scan: middle, cumsumHeadsBackward: 4, inputGradient: middle, factorB: (64, 64),
            factorC: (64, 64), productGradient: (32, 64), productBackward: square),
    ]

    /// How far this shape is from another for the choice of a kernel's tiling.
    func distance(to shape: SSDShape, kernel: String) -> Double {
        func octaves(_ own: Int, _ other: Int) -> Double { abs(log2(Double(own) / Double(other))) }
        let chunk = octaves(chunkSize, shape.chunkSize)
        let state = octaves(stateDim, shape.stateDim)
        let channels = octaves(headDim, shape.headDim)
        let keys =
            switch kernel {
            case "ch_cumsum_fwd", "ch_cumsum_bwd": chunk + octaves(heads, shape.heads)
            case "state_pass_fwd", "state_pass_bwd": octaves(headDim * stateDim, shape.headDim * shape.stateDim)
            case "bmm_ch_fwd", "bmm_ch_bwd": chunk + state
            case "ch_scan_bwd_dcb", "ch_scan_bwd_ddacs", "ch_scan_bwd_dz": chunk + channels
            default: chunk + state + channels
            }
        let work = octaves(batch * sequenceLength * heads, shape.batch * shape.sequenceLength * shape.heads)
        return keys + work / 4
    }
}
