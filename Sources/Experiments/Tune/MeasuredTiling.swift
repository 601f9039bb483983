/// A tiling whose time was measured on an H200, beside its prediction.
package struct MeasuredTiling: Equatable, Sendable {
    /// The shape's name in the measured tables.
    package let shape: String
    package let kernel: String
    /// Such as `M=64 N=128 K=32 warps=4 stages=4`.
    package let tiling: String
    /// On cold caches, as Nsight Compute gives it.
    package let measuredNanoseconds: Double
    /// As `weir tune` predicts it for the same shape.
    package let predictedNanoseconds: Double

    /// All of them, in the order of the measured tables.
    /// - Throws: `ReferenceError` where the generated text is damaged.
    package static func all() throws(ReferenceError) -> [MeasuredTiling] {
        var tilings: [MeasuredTiling] = []
        for row in try ReferenceTable(text: table, name: "MeasuredTiling+Table.swift").rows {
            tilings.append(
                MeasuredTiling(
                    shape: try row.required("shape"), kernel: try row.required("kernel"), tiling: try row.required("tiling"),
                    measuredNanoseconds: try row.requiredNumber("measured_ns"),
                    predictedNanoseconds: try row.requiredNumber("predicted_ns")))
        }
        return tilings
    }

    /// The accuracy of each kernel at each shape, in the order of the measured tables.
    package static func groups() throws(ReferenceError) -> [RankingAccuracy.Group] {
        let all = try all()
        var keys: [(shape: String, kernel: String)] = []
        for tiling in all where !keys.contains(where: { $0 == (tiling.shape, tiling.kernel) }) {
            keys.append((tiling.shape, tiling.kernel))
        }
        return keys.map { shape, kernel in
            RankingAccuracy.Group(
                shape: shape, kernel: kernel,
                times: all.filter { $0.shape == shape && $0.kernel == kernel }
                    .map { ($0.measuredNanoseconds, $0.predictedNanoseconds) })
        }
    }
}
