import Operators

/// A language model of equal blocks, each with an RMS norm in front and a sum behind, between an embedding and a head
/// with cross entropy. The step ends with fused AdamW.
struct LanguageModel: ModelRecipe {
    let name: String
    let width: Int
    /// The kinds of layers, repeated until there are enough: `m` Mamba-2, `1` Mamba-1, `p` MLP, `a` attention.
    let pattern: String
    let layers: Int
    let batch: Int
    let length: Int
    let vocabulary: Int
    let groups: Int

    var defaults: ModelOptions {
        var options = ModelOptions()
        (options.batch, options.sequenceLength) = (batch, length)
        (options.layers, options.vocabulary) = (layers, vocabulary)
        return options
    }

    /// *Source:* the measured models of docs/validation (widths, groups, chunks, vocabulary, batch), and the published
    /// configurations (layers).
    static let all: [any ModelRecipe] = [
        LanguageModel(
            name: "mamba2-8b", width: 4096, pattern: "m", layers: 56, batch: 1, length: 4096, vocabulary: 32_000,
            groups: 8),
        LanguageModel(
            name: "mamba2-2.7b", width: 2560, pattern: "m", layers: 64, batch: 4, length: 2048, vocabulary: 32_000,
            groups: 1),
        LanguageModel(
            name: "mamba1-2.8b", width: 2560, pattern: "1", layers: 64, batch: 2, length: 2048, vocabulary: 32_000,
            groups: 1),
        LanguageModel(
            name: "hybrid-8b", width: 4096, pattern: "mpmpmpapmpmpmp", layers: 56, batch: 1, length: 4096,
            vocabulary: 32_000, groups: 8),
    ]

    func step(_ options: ModelOptions) throws(ModelError) -> ModelStep {
        let batch = options.batch ?? batch
        let length = options.sequenceLength ?? length
        let layers = options.layers ?? layers
        let vocabulary = options.vocabulary ?? vocabulary
        let rows = batch * length
        guard rows <= 1 << 24 else {
            throw .badSize(
                option: "--batch", value: batch, cure: "with \(length) positions give at most \((1 << 24) / length)")
        }
        let kinds = Array(pattern)
        let schedule = LayerSchedule((0..<layers).map { kinds[$0 % kinds.count] }, everyLayer: options.everyLayer)
        var builder = StepBuilder()
        builder.begin(layer: "embedding")
        var x = builder.embedding(rows: vocabulary, columns: width, count: rows)
        for layer in schedule.layers {
            builder.begin(layer: "\(layer.number).\(Self.names[layer.kind] ?? "layer")", repeats: layer.repeats)
            let normed = builder.rmsNorm(x)
            let mixed =
                switch layer.kind {
                case "m":
                    builder.mamba2(normed, Mamba2Sizes(batch: batch, length: length, width: width, groups: groups))
                case "1": builder.mamba1(normed, batch: batch, length: length)
                case "a": builder.attention(normed, batch: batch, length: length)
                default: builder.mlp(normed)
                }
            x = builder.sum(x, mixed)
            builder.closeLayer()
        }
        builder.begin(layer: "head")
        let logits = builder.linear(builder.rmsNorm(x), outputs: vocabulary)
        builder.crossEntropy(builder.converted(logits, to: .f32))
        builder.backward()
        builder.adamW()
        return ModelStep(
            builder, name: ModelCatalogue.prefix + name,
            summary:
                "\(layers) layers of width \(width), batch \(batch), \(length) positions, vocabulary \(vocabulary)",
            reduction: schedule.note)
    }

    private static let names: [Character: String] = ["m": "mamba2", "1": "mamba1", "a": "attention", "p": "mlp"]
}
