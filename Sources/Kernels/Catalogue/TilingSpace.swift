/// The tilings that a kernel can have, and the one that it takes where none is given.
package struct TilingSpace: Sendable {
    /// The block sizes that its tilings have, by the names that options use: M, N, K, H, BLOCK.
    package let fields: [String]
    /// The tilings that its autotuner tries, in this order.
    package let candidates: [Tiling]
    /// The numbers of stages that its software pipelines can have.
    let stages: ClosedRange<Int>
    /// Whether measurements show how well Weir ranks its candidates.
    package let isTuned: Bool
    private let chosen: @Sendable (ModelLayer) -> Tiling?

    /// - Parameter chosen: the tiling that a layer takes where none is given; nil for a layer that does not launch the
    ///   kernel.
    init(
        fields: [String], candidates: [Tiling], stages: ClosedRange<Int> = 1...16, isTuned: Bool = true,
        chosen: @escaping @Sendable (ModelLayer) -> Tiling?
    ) {
        self.fields = fields
        self.candidates = candidates
        self.stages = stages
        self.isTuned = isTuned
        self.chosen = chosen
    }

    /// The tiling of a launch where none is given; nil in a layer that does not launch the kernel.
    package func defaultTiling(in layer: ModelLayer) -> Tiling? { chosen(layer) }

    /// Every block size: its name, its field, and the values that it can have.
    private static let sizes: [(name: String, path: KeyPath<Tiling, Int> & Sendable, range: ClosedRange<Int>)] = [
        ("M", \.m, 16...1024), ("N", \.n, 16...1024), ("K", \.k, 16...1024), ("H", \.heads, 1...1024),
        ("BLOCK", \.block, 16...65536),
    ]

    /// Checks that a kernel can run a tiling.
    ///
    /// - Throws: `KernelError.badTiling` naming the field.
    package func validate(_ tiling: Tiling, kernel: String) throws(KernelError) {
        guard [1, 2, 4, 8, 16, 32].contains(tiling.warps) else {
            throw .badTiling(kernel: kernel, field: "warps", value: tiling.warps, cure: "give a power of two up to 32")
        }
        guard stages.contains(tiling.stages) else {
            throw .badTiling(
                kernel: kernel, field: "stages", value: tiling.stages,
                cure: stages == 1...1
                    ? "its loops have no pipeline; give 1" : "give \(stages.lowerBound) to \(stages.upperBound)")
        }
        for (name, path, range) in Self.sizes {
            let value = tiling[keyPath: path]
            guard fields.contains(name) else {
                guard value == 0 else {
                    throw .badTiling(
                        kernel: kernel, field: name, value: value,
                        cure: "this kernel has no such block size; give \(fields.joined(separator: ", "))")
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
}
