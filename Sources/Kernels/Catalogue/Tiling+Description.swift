extension Tiling: CustomStringConvertible {
    /// The fields that are set, written as `M=64 N=128 K=32 warps=4 stages=4`.
    package var description: String {
        let fields = [("M", m), ("N", n), ("K", k), ("H", heads), ("BLOCK", block)].filter { $0.1 > 0 }
        return (fields + [("warps", warps), ("stages", stages)]).map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    }
}
