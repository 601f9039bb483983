/// The sizes of one layer of a published Mamba-2 model.
package struct ModelPreset: Equatable, Sendable {
    package let name: String
    package let heads: Int
    package let headDim: Int
    package let groups: Int
    package let stateDim: Int
    /// The chunk size that the model's configuration sets.
    package let chunkSize: Int

    /// Every preset, smallest first.
    package static let all = [
        ModelPreset(name: "mamba2-130m", heads: 24, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256),
        ModelPreset(name: "mamba2-370m", heads: 32, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256),
        ModelPreset(name: "mamba2-780m", heads: 48, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256),
        ModelPreset(name: "mamba2-1.3b", heads: 64, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256),
        ModelPreset(name: "mamba2-2.7b", heads: 80, headDim: 64, groups: 1, stateDim: 128, chunkSize: 256),
        ModelPreset(name: "mamba2-8b", heads: 128, headDim: 64, groups: 8, stateDim: 128, chunkSize: 128),
    ]

    /// The preset with this name. Capitals do not matter.
    ///
    /// - Throws: `KernelError.unknownModel` with every name.
    package static func named(_ name: String) throws(KernelError) -> ModelPreset {
        let wanted = name.lowercased()
        guard let preset = all.first(where: { $0.name == wanted }) else {
            throw .unknownModel(name: name, known: all.map(\.name))
        }
        return preset
    }

    /// The model's call on `batch` sequences. `chunkSize` replaces the model's own.
    package func shape(batch: Int, sequenceLength: Int, chunkSize: Int? = nil) -> SSDShape {
        SSDShape(
            batch: batch, sequenceLength: sequenceLength, heads: heads, headDim: headDim, groups: groups,
            stateDim: stateDim, chunkSize: chunkSize ?? self.chunkSize)
    }
}
