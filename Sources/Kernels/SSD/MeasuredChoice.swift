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
    /// The tilings of kernels, by what the kernels make. No measured launch has a gate, so ch_scan_bwd_dz takes 64
    /// rows.
    let cumsum: Tiling
    let state: Tiling
    let product: Tiling
    let scan: Tiling
    let cumsumBackward: Tiling
    let inputGradient: Tiling
    let factorB: Tiling
    let factorC: Tiling
    let productGradient: Tiling
    let productBackward: Tiling

    private init(
        batch: Int, sequenceLength: Int, heads: Int, headDim: Int = 64, stateDim: Int = 128, chunkSize: Int,
        cumsumHeads: Int, state: Tiling = Tiling.tiles[4], product: Tiling, scan: Tiling,
        cumsumHeadsBackward: Int? = nil,
        inputGradient: Tiling = Tiling.wideTiles[7], factorB: Tiling = .simple(m: 64, n: 128),
        factorC: Tiling = .simple(m: 128, n: 64),
        productGradient: Tiling = .simple(m: 64, n: 32), productBackward: Tiling = Tiling.tiles[4]
    ) {
        self.batch = batch
        self.sequenceLength = sequenceLength
        self.heads = heads
        self.headDim = headDim
        self.stateDim = stateDim
        self.chunkSize = chunkSize
        cumsum = .simple(heads: cumsumHeads)
        self.state = state
        self.product = product
        self.scan = scan
        cumsumBackward = .simple(heads: cumsumHeadsBackward ?? cumsumHeads)
        self.inputGradient = inputGradient
        self.factorB = factorB
        self.factorC = factorC
        self.productGradient = productGradient
        self.productBackward = productBackward
    }

    private static let large = Tiling.tiles[0]
    private static let middle = Tiling.tiles[4]
    private static let tall = Tiling.tiles[3]
    private static let small = Tiling.tiles[6]
    private static let low = Tiling.tiles[7]
    private static let square = Tiling.tiles[8]

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
            factorB: .simple(m: 64, n: 64), productGradient: .simple(m: 32, n: 32), productBackward: low),
        MeasuredChoice(
            batch: 2, sequenceLength: 1000, heads: 48, chunkSize: 256, cumsumHeads: 2, product: large, scan: low,
            cumsumHeadsBackward: 1),
        MeasuredChoice(
            batch: 2, sequenceLength: 4096, heads: 32, headDim: 128, stateDim: 64, chunkSize: 128, cumsumHeads: 2,
            state: tall, product: middle, scan: middle, cumsumHeadsBackward: 4, inputGradient: middle,
            factorB: .simple(m: 64, n: 64),
            factorC: .simple(m: 64, n: 64), productGradient: .simple(m: 32, n: 64), productBackward: square),
    ]

    /// The measured choice whose shape is nearest to `shape`. Of equally near ones, the first is taken.
    ///
    /// A distance is a sum. It adds the powers of two between the sizes that the kernel's autotuner keys on, and a
    /// quarter of those between the amounts of work.
    static func nearest(to shape: SSDShape, sizes: [TunerSize]) -> MeasuredChoice {
        var best = all[0]
        var bestDistance = Double.infinity
        for choice in all {
            let distance = choice.distance(to: shape, sizes: sizes)
            if distance < bestDistance {
                best = choice
                bestDistance = distance
            }
        }
        return best
    }

    private func distance(to shape: SSDShape, sizes: [TunerSize]) -> Double {
        func octaves(_ own: Int, _ other: Int) -> Double { abs(log2(Double(own) / Double(other))) }
        let keys = sizes.map { size in
            switch size {
            case .chunk: octaves(chunkSize, shape.chunkSize)
            case .heads: octaves(heads, shape.heads)
            case .states: octaves(stateDim, shape.stateDim)
            case .channels: octaves(headDim, shape.headDim)
            case .headStates: octaves(headDim * stateDim, shape.headDim * shape.stateDim)
            }
        }
        let work = octaves(batch * sequenceLength * heads, shape.batch * shape.sequenceLength * shape.heads)
        return keys.reduce(0, +) + work / 4
    }
}

/// A size by which an autotuner tells calls apart.
enum TunerSize: Sendable {
    case chunk, heads, states, channels
    /// Values of one head's state: head channels times states.
    case headStates
}
