/// What cuBLAS's kernels cost in instructions a warp, of the twelve of a block.
///
/// *Source:* warp_instructions of 58 launches of `nvjet` kernels on an H200, divided by steps and tiles: 200 to 500
/// instructions a block and step of 64 x 64 to 256 x 128, 2,300 a tile of 128 x 192 besides its steps, and a bias 1,080
/// more. Warps that spin for a barrier count, so that the counts of equal steps differ by a quarter.
enum GEMMPrices {
    /// A step of 64 in the depth for a tile of so many outputs, without its products.
    static func step(outputs: Int) -> InstructionMix {
        InstructionMix(alu: 4, tensor: 1, other: 11 + 25 * Double(outputs) / 32_768)
    }
    /// The end of a tile: sums become values, and pass through shared memory.
    static func epilogue(outputs: Int, hasBias: Bool) -> InstructionMix {
        let share = Double(outputs) / 24_576
        return InstructionMix(
            fma: hasBias ? 64 * share : 0, alu: 100 * share, memory: (hasBias ? 24 : 16) * share, other: 76 * share)
    }
    /// Before the first step: descriptors, barriers of the cluster.
    static let entry = InstructionMix(alu: 40, memory: 20, other: 140)
    /// A thread of splitKreduce_kernel, besides its loads and store, and for each part (measured: 145 with five parts,
    /// 222 with 33).
    static let reduction = InstructionMix(fma: 20, alu: 30, other: 76)
    static let reductionPart = InstructionMix(fma: 2)

    /// Cycles by which a cluster begins late, at most 250, or ends the tile of this number late, at most 1,000.
    ///
    /// Clusters drift apart on the device, so that fewer of their reads meet in the coalescer. *Source:* fitted on the
    /// SMs' sectors at the L2 of 30 launches: 6 % off on average, 14 % where all clusters keep step.
    static func skew(cluster: Int, tile: Int?) -> Int {
        var hash = UInt64(truncatingIfNeeded: cluster &* 0x1_0001 &+ (tile ?? -1) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        hash &*= 0xBF58_476D_1CE4_E5B9
        return Int(((hash >> 40) &* (tile == nil ? 250 : 1000)) >> 24)
    }
}
