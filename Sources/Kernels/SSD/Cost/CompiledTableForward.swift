extension CompiledTable {
    /// The forward kernels. A suffix names the variant.
    ///
    /// *Source:* compiled/resources.csv (Triton 3.6.0, sm_90, batch 2, sequence 2048, 80 heads of 64, 1 group, 128
    /// states, chunk 256, bf16).
    static let cumsumForward: [Tiling: Entry] = [
        Tiling(heads: 1, warps: 4, stages: 3): Entry(registers: 22, sharedMemoryBytes: 512),
        Tiling(heads: 2, warps: 4, stages: 3): Entry(registers: 27, sharedMemoryBytes: 1024),
        Tiling(heads: 4, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 2048),
        Tiling(heads: 8, warps: 4, stages: 3): Entry(registers: 44, sharedMemoryBytes: 2048),
        Tiling(heads: 16, warps: 4, stages: 3): Entry(registers: 79, sharedMemoryBytes: 4096),
        Tiling(heads: 32, warps: 4, stages: 3): Entry(registers: 168, sharedMemoryBytes: 8192),
        Tiling(heads: 64, warps: 4, stages: 3): Entry(registers: 255, sharedMemoryBytes: 8192, spillBytes: 304),
    ]

    static let stateForward: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(registers: 244, sharedMemoryBytes: 148480),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(registers: 251, sharedMemoryBytes: 82688),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 230, sharedMemoryBytes: 66304),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 121, sharedMemoryBytes: 49920),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 128, sharedMemoryBytes: 49920),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 71, sharedMemoryBytes: 41728),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5): Entry(registers: 128, sharedMemoryBytes: 27648),
        Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5): Entry(registers: 110, sharedMemoryBytes: 29696),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4): Entry(registers: 167, sharedMemoryBytes: 29440),
    ]

    static let statePassForward: [Tiling: Entry] = [
        Tiling(block: 64, warps: 4, stages: 3): Entry(registers: 20, sharedMemoryBytes: 0),
        Tiling(block: 128, warps: 4, stages: 3): Entry(registers: 20, sharedMemoryBytes: 0),
        Tiling(block: 256, warps: 4, stages: 3): Entry(registers: 22, sharedMemoryBytes: 0),
        Tiling(block: 512, warps: 4, stages: 3): Entry(registers: 25, sharedMemoryBytes: 0),
        Tiling(block: 1024, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 2048),
        Tiling(block: 2048, warps: 4, stages: 3): Entry(registers: 48, sharedMemoryBytes: 4096),
    ]

    static let statePassRecomputing: [Tiling: Entry] = [
        Tiling(block: 64, warps: 4, stages: 3): Entry(registers: 28, sharedMemoryBytes: 0),
        Tiling(block: 128, warps: 4, stages: 3): Entry(registers: 28, sharedMemoryBytes: 0),
        Tiling(block: 256, warps: 4, stages: 3): Entry(registers: 28, sharedMemoryBytes: 0),
        Tiling(block: 512, warps: 4, stages: 3): Entry(registers: 28, sharedMemoryBytes: 0),
        Tiling(block: 1024, warps: 4, stages: 3): Entry(registers: 32, sharedMemoryBytes: 0),
        Tiling(block: 2048, warps: 4, stages: 3): Entry(registers: 39, sharedMemoryBytes: 0),
    ]

    static let productForward: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(registers: 187, sharedMemoryBytes: 147456),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(registers: 181, sharedMemoryBytes: 81920),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 168, sharedMemoryBytes: 65536),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 96, sharedMemoryBytes: 49152),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 105, sharedMemoryBytes: 49152),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 60, sharedMemoryBytes: 40960),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5): Entry(registers: 80, sharedMemoryBytes: 24576),
        Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5): Entry(registers: 80, sharedMemoryBytes: 24576),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4): Entry(registers: 140, sharedMemoryBytes: 24576),
    ]

    static let scanForward: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(registers: 255, sharedMemoryBytes: 279552),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(registers: 233, sharedMemoryBytes: 176896),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 255, sharedMemoryBytes: 156416),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 179, sharedMemoryBytes: 123648),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 165, sharedMemoryBytes: 111360),
        Tiling(m: 128, n: 64, k: 64, warps: 4, stages: 4): Entry(registers: 250, sharedMemoryBytes: 198144),
        Tiling(m: 64, n: 128, k: 64, warps: 4, stages: 4): Entry(registers: 218, sharedMemoryBytes: 173568),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 140, sharedMemoryBytes: 107264),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5): Entry(registers: 194, sharedMemoryBytes: 46080),
        Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5): Entry(registers: 138, sharedMemoryBytes: 35840),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 41728, spillBytes: 8),
    ]

    static let scanForwardGated: [Tiling: Entry] = [
        Tiling(m: 128, n: 256, k: 64, warps: 8, stages: 3): Entry(
            registers: 255, sharedMemoryBytes: 279552, spillBytes: 96),
        Tiling(m: 64, n: 256, k: 32, warps: 4, stages: 4): Entry(registers: 255, sharedMemoryBytes: 176896),
        Tiling(m: 128, n: 128, k: 32, warps: 4, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 156416, spillBytes: 272),
        Tiling(m: 128, n: 64, k: 32, warps: 4, stages: 4): Entry(registers: 186, sharedMemoryBytes: 123648),
        Tiling(m: 64, n: 128, k: 32, warps: 4, stages: 4): Entry(registers: 170, sharedMemoryBytes: 111360),
        Tiling(m: 128, n: 64, k: 64, warps: 4, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 198144, spillBytes: 16),
        Tiling(m: 64, n: 128, k: 64, warps: 4, stages: 4): Entry(registers: 255, sharedMemoryBytes: 173568),
        Tiling(m: 128, n: 32, k: 32, warps: 4, stages: 4): Entry(registers: 140, sharedMemoryBytes: 107264),
        Tiling(m: 64, n: 32, k: 32, warps: 2, stages: 5): Entry(registers: 194, sharedMemoryBytes: 46080),
        Tiling(m: 32, n: 64, k: 32, warps: 2, stages: 5): Entry(registers: 137, sharedMemoryBytes: 35840),
        Tiling(m: 64, n: 64, k: 32, warps: 2, stages: 4): Entry(
            registers: 255, sharedMemoryBytes: 41728, spillBytes: 8),
    ]
}
