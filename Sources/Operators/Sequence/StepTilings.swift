import Kernels

/// The tilings of the SSD call's kernels in the measured training steps of models, which pinned the autotuner's choice.
enum StepTilings {
    static let all: [String: Tiling] = [
        "ch_cumsum_fwd": Tiling(heads: 16, warps: 4, stages: 3),
        "ch_state_fwd": wide,
        "state_pass_fwd": Tiling(block: 512, warps: 4, stages: 3),
        "bmm_ch_fwd": wide,
        "ch_scan_fwd": Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4),
        "ch_scan_bwd_dstates": wide,
        "state_pass_bwd": Tiling(block: 512, warps: 4, stages: 3),
        "ch_scan_ch_state_bwd_dx": Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5),
        "ch_state_bwd_db": Tiling(m: 64, n: 128, warps: 4, stages: 3),
        "ch_scan_bwd_dc": Tiling(m: 128, n: 64, warps: 4, stages: 3),
        "ch_scan_bwd_dcb": Tiling(m: 64, n: 32, warps: 4, stages: 3),
        "bmm_ch_bwd": wide,
        "ch_scan_bwd_ddacs": Tiling(m: 64, n: 32, warps: 4, stages: 3),
        "ch_cumsum_bwd": Tiling(heads: 16, warps: 4, stages: 3),
    ]

    private static let wide = Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4)
}
