import ArgumentParser
import Models

/// The options of a model's training step.
package struct ModelStepOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Layers of a model.", valueName: "count")) package var layers: Int?
    @Option(help: ArgumentHelp("Rows of a language model's embedding and head.", valueName: "count"))
    package var vocabulary: Int?
    @Option(help: ArgumentHelp("Nodes of a graph model.", valueName: "count")) package var nodes: Int?
    @Option(help: ArgumentHelp("Edges a node of a graph model.", valueName: "count")) package var degree: Int?
    @Flag(help: "Simulates every layer of a model, rather than each kind of layer in its steady state.")
    package var everyLayer = false

    package init() {}

    var options: ModelOptions {
        var options = ModelOptions()
        options.layers = layers
        options.vocabulary = vocabulary
        options.nodes = nodes
        options.degree = degree
        options.everyLayer = everyLayer
        return options
    }

    /// An option in use.
    var firstGiven: String? {
        if layers != nil { return "--layers" }
        if vocabulary != nil { return "--vocabulary" }
        if nodes != nil { return "--nodes" }
        if degree != nil { return "--degree" }
        return everyLayer ? "--every-layer" : nil
    }
}
