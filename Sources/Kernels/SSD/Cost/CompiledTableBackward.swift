extension CompiledTable {
    /// The backward kernels. bmm_ch_bwd has two launches. Its entry has the larger register and spill counts of the
    /// two.
    ///
    /// *Source:* compiled/resources.csv (Triton 3.6.0, sm_90, batch 2, sequence 2048, 80 heads of 64, 1 group, 128
    /// states, chunk 256, bf16).
    static let gateBackward: [Tiling: Entry] = [
        Tiling(m: 32, warps: 4, stages: 3): Entry(registers: 56, sharedMemoryBytes: 16),
        Tiling(m: 64, warps: 4, stages: 3): Entry(registers: 84, sharedMemoryBytes: 16),
        Tiling(m: 128, warps: 4, stages: 3): Entry(registers: 255, sharedMemoryBytes: 16, spillBytes: 16),
        Tiling(m: 256, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 16, spillBytes: 3728),
    ]

    static let stateGradient: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(registers: 222, sharedMemoryBytes: 131584),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(registers: 204, sharedMemoryBytes: 78208),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 208, sharedMemoryBytes: 57728),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 126, sharedMemoryBytes: 41344),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 116, sharedMemoryBytes: 45440),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 86, sharedMemoryBytes: 33152),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5): Entry(registers: 126, sharedMemoryBytes: 25088),
        Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5): Entry(registers: 120, sharedMemoryBytes: 25088),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4): Entry(registers: 156, sharedMemoryBytes: 24960),
    ]

    static let statePassBackward: [Tiling: Entry] = [
        Tiling(block: 64, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 8),
        Tiling(block: 128, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 16),
        Tiling(block: 256, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 16),
        Tiling(block: 512, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 16),
        Tiling(block: 1024, warps: 4, stages: 3): Entry(registers: 48, sharedMemoryBytes: 8192),
        Tiling(block: 2048, warps: 4, stages: 3): Entry(registers: 80, sharedMemoryBytes: 16384),
    ]

    static let inputGradient: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(
            registers: 255, sharedMemoryBytes: 279040, spillBytes: 384),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 176512, spillBytes: 224),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 156032, spillBytes: 224),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 184, sharedMemoryBytes: 123264),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 168, sharedMemoryBytes: 110976),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 167, sharedMemoryBytes: 106880),
        Tiling(m: 64, n: 32, k: 32, warps: 4, stages: 5): Entry(registers: 108, sharedMemoryBytes: 72192),
        Tiling(m: 32, n: 64, k: 32, warps: 4, stages: 5): Entry(registers: 78, sharedMemoryBytes: 35328),
        Tiling(m: 64, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 128, sharedMemoryBytes: 78208),
    ]

    static let factorB: [Tiling: Entry] = [
        Tiling(m: 32, n: 128, warps: 4, stages: 3): Entry(registers: 220, sharedMemoryBytes: 41472),
        Tiling(m: 128, n: 32, warps: 4, stages: 3): Entry(registers: 164, sharedMemoryBytes: 61952),
        Tiling(m: 64, n: 128, warps: 4, stages: 3): Entry(registers: 244, sharedMemoryBytes: 73984),
        Tiling(m: 128, n: 64, warps: 4, stages: 3): Entry(registers: 247, sharedMemoryBytes: 74240),
        Tiling(m: 64, n: 64, warps: 4, stages: 3): Entry(registers: 135, sharedMemoryBytes: 49408),
        Tiling(m: 64, n: 32, warps: 4, stages: 3): Entry(registers: 80, sharedMemoryBytes: 37120),
        Tiling(m: 32, n: 64, warps: 4, stages: 3): Entry(registers: 103, sharedMemoryBytes: 25088),
        Tiling(m: 32, n: 32, warps: 4, stages: 3): Entry(registers: 77, sharedMemoryBytes: 16640),
    ]

    static let factorC: [Tiling: Entry] = [
        Tiling(m: 32, n: 128, warps: 4, stages: 3): Entry(registers: 212, sharedMemoryBytes: 41472),
        Tiling(m: 128, n: 32, warps: 4, stages: 3): Entry(registers: 149, sharedMemoryBytes: 61952),
        Tiling(m: 64, n: 128, warps: 4, stages: 3): Entry(registers: 246, sharedMemoryBytes: 73984),
        Tiling(m: 128, n: 64, warps: 4, stages: 3): Entry(registers: 246, sharedMemoryBytes: 74240),
        Tiling(m: 64, n: 64, warps: 4, stages: 3): Entry(registers: 137, sharedMemoryBytes: 49408),
        Tiling(m: 64, n: 32, warps: 4, stages: 3): Entry(registers: 86, sharedMemoryBytes: 37120),
        Tiling(m: 32, n: 64, warps: 4, stages: 3): Entry(registers: 103, sharedMemoryBytes: 25088),
        Tiling(m: 32, n: 32, warps: 4, stages: 3): Entry(registers: 72, sharedMemoryBytes: 16640),
    ]

    static let productGradient: [Tiling: Entry] = [
        Tiling(m: 32, n: 128, warps: 4, stages: 3): Entry(registers: 180, sharedMemoryBytes: 41472),
        Tiling(m: 128, n: 32, warps: 4, stages: 3): Entry(registers: 168, sharedMemoryBytes: 61952),
        Tiling(m: 64, n: 64, warps: 4, stages: 3): Entry(registers: 168, sharedMemoryBytes: 49152),
        Tiling(m: 64, n: 32, warps: 4, stages: 3): Entry(registers: 96, sharedMemoryBytes: 36864),
        Tiling(m: 32, n: 64, warps: 4, stages: 3): Entry(registers: 110, sharedMemoryBytes: 24576),
        Tiling(m: 32, n: 32, warps: 4, stages: 3): Entry(registers: 72, sharedMemoryBytes: 16384),
    ]

    static let productBackward: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(
            registers: 255, sharedMemoryBytes: 163840, spillBytes: 208),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 90112, spillBytes: 168),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 81920, spillBytes: 232),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 168, sharedMemoryBytes: 65536),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 162, sharedMemoryBytes: 57344),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 100, sharedMemoryBytes: 57344),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5): Entry(registers: 128, sharedMemoryBytes: 40960),
        Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5): Entry(registers: 121, sharedMemoryBytes: 32768),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4): Entry(registers: 167, sharedMemoryBytes: 36864),
    ]

    static let decayGradient: [Tiling: Entry] = [
        Tiling(m: 32, n: 32, warps: 4, stages: 3): Entry(registers: 72, sharedMemoryBytes: 16384),
        Tiling(m: 64, n: 32, warps: 4, stages: 3): Entry(registers: 118, sharedMemoryBytes: 28672),
        Tiling(m: 64, n: 64, warps: 4, stages: 3): Entry(registers: 197, sharedMemoryBytes: 49152),
        Tiling(m: 128, n: 32, warps: 4, stages: 3): Entry(registers: 192, sharedMemoryBytes: 45056),
        Tiling(m: 128, n: 64, warps: 4, stages: 3): Entry(registers: 255, sharedMemoryBytes: 57344, spillBytes: 16),
        Tiling(m: 128, n: 128, warps: 4, stages: 3): Entry(registers: 255, sharedMemoryBytes: 98304, spillBytes: 1088),
    ]

    static let cumsumBackward: [Tiling: Entry] = [
        Tiling(heads: 1, warps: 4, stages: 3): Entry(registers: 30, sharedMemoryBytes: 1024),
        Tiling(heads: 2, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 2048),
        Tiling(heads: 4, warps: 4, stages: 3): Entry(registers: 40, sharedMemoryBytes: 2048),
        Tiling(heads: 8, warps: 4, stages: 3): Entry(registers: 72, sharedMemoryBytes: 2048),
        Tiling(heads: 16, warps: 4, stages: 3): Entry(registers: 142, sharedMemoryBytes: 4096),
        Tiling(heads: 32, warps: 4, stages: 3): Entry(registers: 255, sharedMemoryBytes: 8192, spillBytes: 96),
        Tiling(heads: 64, warps: 4, stages: 3): Entry(registers: 168, sharedMemoryBytes: 16384, spillBytes: 3096),
    ]
}
