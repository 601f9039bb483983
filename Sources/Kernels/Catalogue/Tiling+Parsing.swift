extension Tiling {
    private static let cure = "write fields as M=64,N=64,K=32,warps=4,stages=4 (or H=16, or BLOCK=1024)"

    /// Reads `M=64,N=64,K=32,warps=4,stages=4`, or the measured tables' `BLOCK_SIZE_M=64;BLOCK_SIZE_N=128`.
    ///
    /// Fields stand in any order, divided by commas, semicolons or spaces. Capitals do not matter. Fields that are left
    /// out keep the values of `base`. `BLOCK` and `BLOCK_SIZE` set the block of the one-dimensional kernels.
    /// - Throws: `KernelError.malformedTiling` with the part that cannot be read.
    package init(parsing text: String, base: Tiling = Tiling(warps: 4, stages: 3)) throws(KernelError) {
        self = base
        let parts = text.split(whereSeparator: { ",; \t".contains($0) })
        guard !parts.isEmpty else {
            throw .malformedTiling(text: text, part: "", cure: Self.cure)
        }
        var seen: Set<String> = []
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw .malformedTiling(text: text, part: String(part), cure: Self.cure)
            }
            guard let value = Int(sides[1]), value > 0, value <= 1 << 20 else {
                throw .malformedTiling(
                    text: text, part: String(part), cure: "give a whole number from 1 to \(1 << 20) after =")
            }
            guard let field = Self.field(String(sides[0]).lowercased()) else {
                throw .malformedTiling(
                    text: text, part: String(part), cure: "fields are M, N, K, H, BLOCK, warps and stages")
            }
            guard seen.insert(String(sides[0]).lowercased()).inserted else {
                throw .malformedTiling(text: text, part: String(part), cure: "give each field once")
            }
            self[keyPath: field] = value
        }
    }

    private static func field(_ name: String) -> WritableKeyPath<Tiling, Int>? {
        switch name {
        case "m", "block_size_m": \.m
        case "n", "block_size_n": \.n
        case "k", "cs", "block_size_k", "block_size_cs": \.k
        case "h", "heads", "block_size_h": \.heads
        case "block", "block_size": \.block
        case "warps", "num_warps": \.warps
        case "stages", "num_stages": \.stages
        default: nil
        }
    }
}
