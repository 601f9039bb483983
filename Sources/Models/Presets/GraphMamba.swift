import Operators

/// A graph model in the manner of graph-mamba: gated messages along edges, and a Mamba-1 scan over the nodes in the
/// order of their degrees.
struct GraphMamba: ModelRecipe {
    let name = "graph-mamba"

    var defaults: ModelOptions {
        var options = ModelOptions()
        (options.nodes, options.degree, options.layers) = (Self.nodes, Self.degree, Self.layers)
        return options
    }

    private static let nodes = 65_536
    private static let degree = 8
    private static let layers = 4
    private static let width = 128
    /// Nodes that a scan takes in a row.
    private static let scanned = 512

    func step(_ options: ModelOptions) throws(ModelError) -> ModelStep {
        let nodes = options.nodes ?? Self.nodes
        let degree = options.degree ?? Self.degree
        let layers = options.layers ?? Self.layers
        guard nodes % Self.scanned == 0 else {
            throw .badSize(option: "--nodes", value: nodes, cure: "give a multiple of \(Self.scanned)")
        }
        guard nodes * degree <= 1 << 26 else {
            throw .badSize(
                option: "--degree", value: degree, cure: "with \(nodes) nodes give at most \((1 << 26) / nodes)")
        }
        let schedule = LayerSchedule(
            [Character](repeating: "g", count: layers), everyLayer: options.everyLayer, firstDiffers: true)
        var builder = StepBuilder()
        builder.begin(layer: "input")
        let graph = StepBuilder.Graph(nodes: nodes, edges: nodes * degree, scanned: Self.scanned, &builder)
        var x = builder.tensor([nodes, Self.width])
        var e = builder.tensor([nodes * degree, Self.width])
        builder.markInput(x)
        builder.markInput(e)
        for layer in schedule.layers {
            builder.begin(layer: "\(layer.number).graph", repeats: layer.repeats)
            (x, e) = builder.graphLayer(x, e, graph)
            builder.closeLayer()
        }
        builder.begin(layer: "loss")
        builder.meanOfSquares(x, e)
        builder.backward()
        builder.adamW()
        return ModelStep(
            builder, name: ModelCatalogue.prefix + name,
            summary: "\(layers) layers of width \(Self.width), \(nodes) nodes, \(nodes * degree) edges",
            reduction: schedule.note)
    }
}
