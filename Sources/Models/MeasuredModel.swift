/// A model whose sizes a table of measured launches gives.
package enum MeasuredModel: Equatable, Sendable {
    /// A language model of the kinds of layers that `kinds` lists: `m` Mamba-2, `1` Mamba-1, `p` MLP, `a` attention.
    case language(kinds: String, width: Int, batch: Int, length: Int, vocabulary: Int, groups: Int)
    case graph(layers: Int, nodes: Int, edges: Int)
    /// MambaVision T with other depths of its four stages.
    case vision(batch: Int, depths: [Int])

    /// The kinds of layers that language models have.
    package static let languageKinds = "m1pa"

    /// - Parameters:
    ///   - everyLayer: whether each layer is written down, rather than each kind once.
    /// - Throws: `ModelError` for sizes that the model cannot have.
    package func step(everyLayer: Bool) throws(ModelError) -> ModelStep {
        var options = ModelOptions()
        options.everyLayer = everyLayer
        switch self {
        case .language(let kinds, let width, let batch, let length, let vocabulary, let groups):
            return try LanguageModel(
                name: "measured", width: width, pattern: kinds, layers: kinds.count, batch: batch, length: length,
                vocabulary: vocabulary, groups: groups
            ).step(options)
        case .graph(let layers, let nodes, let edges):
            options.layers = layers
            options.nodes = nodes
            options.degree = max(1, edges / nodes)
            return try GraphMamba().step(options)
        case .vision(let batch, let depths):
            options.batch = batch
            return try MambaVision(depths: depths).step(options)
        }
    }
}
