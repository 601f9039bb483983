/// The tilings that the autotuners of the SSD kernels try. *Source:* state-spaces/mamba 2.3.2, ops/triton/ssd_*.py.
extension Tiling {
    /// Tilings of most tile kernels, and the first of ch_scan_fwd.
    package static let tiles = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4),
    ]

    /// Tilings of ch_scan_ch_state_bwd_dx: those of `tiles`, but with at least four warps.
    static let wideTiles = tiles.map { tile in
        Tiling(m: tile.m, n: tile.n, k: tile.k, warps: max(4, tile.warps), stages: tile.stages)
    }

    /// Numbers of heads of the cumulative sums.
    static let headCounts = [1, 2, 4, 8, 16, 32, 64].map { simple(heads: $0) }

    /// Runs of a state in the state-passing kernels.
    static let stateRuns = [64, 128, 256, 512, 1024, 2048].map { simple(block: $0) }

    /// Tiles of the kernels that loop over heads.
    static let headLoops = pairs([(32, 128), (128, 32), (64, 128), (128, 64), (64, 64), (64, 32), (32, 64), (32, 32)])

    /// A tiling with Triton's own four warps and three stages.
    static func simple(m: Int = 0, n: Int = 0, heads: Int = 0, block: Int = 0) -> Tiling {
        Tiling(m: m, n: n, heads: heads, block: block, warps: 4, stages: 3)
    }

    static func pairs(_ sizes: [(m: Int, n: Int)]) -> [Tiling] { sizes.map { simple(m: $0.m, n: $0.n) } }
}
