/// The tilings that the autotuner of each kernel tries, and the ones it chose on an H200.
package enum TilingTable {
    /// Tilings of most tile kernels, and the first of ch_scan_fwd.
    package static let tiles = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3), Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4), Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4), Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5), Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4),
    ]

    /// Tilings of ch_scan_ch_state_bwd_dx: as `tiles`, with four warps at least.
    package static let wideTiles = tiles.map { tile in
        Tiling(m: tile.m, n: tile.n, k: tile.k, warps: max(4, tile.warps), stages: tile.stages)
    }

    /// The autotuner's candidates for a kernel; empty for names without a generator.
    package static func tilings(kernel: String) -> [Tiling] {
        func pairs(_ sizes: [(m: Int, n: Int)]) -> [Tiling] {
            sizes.map { Tiling(m: $0.m, n: $0.n, warps: 4, stages: 3) }
        }
        return switch kernel {
        case "ch_cumsum_fwd", "ch_cumsum_bwd": [1, 2, 4, 8, 16, 32, 64].map { Tiling(heads: $0, warps: 4, stages: 3) }
        case "ch_state_fwd", "bmm_ch_fwd", "ch_scan_bwd_dstates", "bmm_ch_bwd": tiles
        case "state_pass_fwd", "state_pass_bwd":
            [64, 128, 256, 512, 1024, 2048].map { Tiling(block: $0, warps: 4, stages: 3) }
        case "ch_scan_fwd":
            tiles + [
                Tiling(m: 128, n: 64, k: 64, warps: 4, stages: 4), Tiling(m: 64, n: 128, k: 64, warps: 4, stages: 4),
            ]
        case "ch_scan_bwd_dz": [32, 64, 128, 256].map { Tiling(m: $0, warps: 4, stages: 3) }
        case "ch_scan_ch_state_bwd_dx": wideTiles
        case "ch_state_bwd_db", "ch_scan_bwd_dc":
            pairs([(32, 128), (128, 32), (64, 128), (128, 64), (64, 64), (64, 32), (32, 64), (32, 32)])
        case "ch_scan_bwd_dcb": pairs([(32, 128), (128, 32), (64, 64), (64, 32), (32, 64), (32, 32)])
        case "ch_scan_bwd_ddacs": pairs([(32, 32), (64, 32), (64, 64), (128, 32), (128, 64), (128, 128)])
        case SSDFused.kernel: FusedBlocks.tilings
        default: []
        }
    }

    /// The block sizes that a kernel's tilings have, by the names that options use.
    ///
    /// - Throws: `KernelError.unknownKernel`.
    package static func fields(ofKernel kernel: String) throws(KernelError) -> [String] {
        switch kernel {
        case "ch_cumsum_fwd", "ch_cumsum_bwd": ["H"]
        case "state_pass_fwd", "state_pass_bwd": ["BLOCK"]
        case "ch_state_fwd", "bmm_ch_fwd", "ch_scan_fwd", "ch_scan_bwd_dstates", "ch_scan_ch_state_bwd_dx", "bmm_ch_bwd":
            ["M", "N", "K"]
        case "ch_state_bwd_db", "ch_scan_bwd_dc", "ch_scan_bwd_dcb", "ch_scan_bwd_ddacs": ["M", "N"]
        case "ch_scan_bwd_dz": ["M"]
        case SSDFused.kernel: ["K"]
        default: throw .unknownKernel(name: kernel, known: Registry.allKernels)
        }
    }

    /// Checks that a kernel can run a tiling.
    ///
    /// - Throws: `KernelError.badTiling` naming the field, or `.unknownKernel`.
    package static func validate(_ tiling: Tiling, kernel: String) throws(KernelError) {
        guard [1, 2, 4, 8, 16, 32].contains(tiling.warps) else {
            throw .badTiling(kernel: kernel, field: "warps", value: tiling.warps, cure: "give a power of two up to 32")
        }
        guard (1...16).contains(tiling.stages) else {
            throw .badTiling(kernel: kernel, field: "stages", value: tiling.stages, cure: "give 1 to 16")
        }
        guard kernel != SSDFused.kernel || tiling.stages == 1 else {
            throw .badTiling(kernel: kernel, field: "stages", value: tiling.stages, cure: "its loops have no pipeline; give 1")
        }
        let fields = [
            ("M", tiling.m, 16...1024), ("N", tiling.n, 16...1024), ("K", tiling.k, 16...1024),
            ("H", tiling.heads, 1...1024), ("BLOCK", tiling.block, 16...65536),
        ]
        let used = try Self.fields(ofKernel: kernel)
        for (name, value, range) in fields {
            guard used.contains(name) else {
                guard value == 0 else {
                    throw .badTiling(
                        kernel: kernel, field: name, value: value,
                        cure: "this kernel has no such block size; give \(used.joined(separator: ", "))")
                }
                continue
            }
            guard value.isPowerOfTwo, range.contains(value) else {
                throw .badTiling(
                    kernel: kernel, field: name, value: value,
                    cure: "give a power of two from \(range.lowerBound) to \(range.upperBound)")
            }
        }
    }

    /// The tiling that the autotuner chose for the measured shape nearest to `shape`.
    ///
    /// Distance adds the powers of two between the sizes that the kernel's autotuner keys on, and a quarter of those
    /// between the amounts of work.
    /// - Throws: `KernelError.unknownKernel`.
    package static func defaultTiling(kernel: String, shape: SSDShape) throws(KernelError) -> Tiling {
        // No table holds what its autotuner chose for which shape; the measured launches have the first configuration.
        if kernel == SSDFused.kernel { return FusedBlocks.tilings[0] }
        guard let column = Registry.kernels.firstIndex(of: kernel) else {
            throw .unknownKernel(name: kernel, known: Registry.allKernels)
        }
        var best = MeasuredChoice.all[0]
        var bestDistance = Double.infinity
        for choice in MeasuredChoice.all {
            let distance = choice.distance(to: shape, kernel: kernel)
            if distance < bestDistance {
                best = choice
                bestDistance = distance
            }
        }
        return best.tilings[column]
    }
}
