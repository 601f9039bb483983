/// The autotuner's choice for one kernel: block sizes, warps and software-pipeline stages.
///
/// Tile kernels use `m`, `n`, `k`; ch_cumsum_fwd uses `heads`; the state-passing kernels use `block`.
package struct Tiling: Equatable, Hashable, Sendable {
    package var m = 0
    package var n = 0
    package var k = 0
    /// BLOCK_SIZE_H of the cumulative-sum kernels.
    package var heads = 0
    /// BLOCK_SIZE of the one-dimensional kernels.
    package var block = 0
    package var warps = 4
    package var stages = 3

    package init(m: Int = 0, n: Int = 0, k: Int = 0, heads: Int = 0, block: Int = 0, warps: Int, stages: Int) {
        self.m = m
        self.n = n
        self.k = k
        self.heads = heads
        self.block = block
        self.warps = warps
        self.stages = stages
    }

    package var threads: Int { warps * 32 }
}
