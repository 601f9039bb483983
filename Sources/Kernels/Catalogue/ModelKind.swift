/// The families of models whose layers Weir knows.
package enum ModelKind: String, CaseIterable, Sendable {
    case mamba1 = "Mamba-1"
    case mamba2 = "Mamba-2"

    /// The model whose sizes a layer has where no model is named.
    package var defaultModel: String {
        switch self {
        case .mamba1: "mamba-2.8b"
        case .mamba2: "mamba2-8b"
        }
    }

    /// The names of its models, smallest first.
    package var models: [String] {
        switch self {
        case .mamba1: Mamba1Preset.all.map(\.name)
        case .mamba2: ModelPreset.all.map(\.name)
        }
    }

    /// The kind of a model, found by the model's name. Capitals do not matter.
    /// - Throws: `KernelError.unknownModel` with the names of both kinds.
    package init(model: String) throws(KernelError) {
        let name = model.lowercased()
        guard let kind = Self.allCases.first(where: { $0.models.contains(name) }) else {
            throw .unknownModel(name: model, known: ModelLayer.models)
        }
        self = kind
    }
}
