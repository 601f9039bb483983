/// The sizes of one layer of a published Mamba-1 model. The inner width is twice the model's, and there are 16 states
/// and a convolution of 4 taps.
package struct Mamba1Preset: Equatable, Sendable {
    package let name: String
    package let dim: Int

    private init(_ name: String, modelWidth: Int) {
        self.name = name
        dim = 2 * modelWidth
    }

    /// Every preset, smallest first.
    package static let all = [
        Mamba1Preset("mamba-130m", modelWidth: 768), Mamba1Preset("mamba-370m", modelWidth: 1024),
        Mamba1Preset("mamba-790m", modelWidth: 1536), Mamba1Preset("mamba-1.4b", modelWidth: 2048),
        Mamba1Preset("mamba-2.8b", modelWidth: 2560),
    ]

    /// The preset with this name. Capitals do not matter.
    ///
    /// - Throws: `KernelError.unknownModel` with every name.
    package static func named(_ name: String) throws(KernelError) -> Mamba1Preset {
        let wanted = name.lowercased()
        guard let preset = all.first(where: { $0.name == wanted }) else {
            throw .unknownModel(name: name, known: all.map(\.name))
        }
        return preset
    }

    /// The model's call on `batch` sequences, gated as in the Mamba-1 block.
    package func shape(batch: Int, sequenceLength: Int) -> Mamba1Shape {
        var shape = Mamba1Shape(batch: batch, dim: dim, sequenceLength: sequenceLength)
        shape.hasGate = true
        return shape
    }
}
