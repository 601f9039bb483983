import Operators

/// A model that Weir can write down.
protocol ModelRecipe: Sendable {
    var name: String { get }
    /// The options that it takes.
    var options: [String] { get }
    func step(_ options: ModelOptions) throws(ModelError) -> ModelStep
}

/// The models, by name.
package enum ModelCatalogue {
    /// How an argument that names a model begins.
    package static let prefix = "model:"

    private static let recipes: [any ModelRecipe] = LanguageModel.all + [GraphMamba(), MambaVision()]

    package static let names = recipes.map(\.name)

    /// A training step of a model.
    /// - Parameter name: with or without `model:`.
    /// - Throws: `ModelError` for an unknown name, an option that the model does not take, and a bad size.
    package static func step(_ name: String, _ options: ModelOptions) throws(ModelError) -> ModelStep {
        let own = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        guard let recipe = recipes.first(where: { $0.name == own }) else {
            throw .unknownModel(name: own, known: names)
        }
        for (option, value) in options.given {
            guard recipe.options.contains(option) else { throw .unfitOption(option: option, model: own) }
            guard value >= 1 else { throw .badSize(option: option, value: value, cure: "give at least 1") }
            guard value <= 1 << 24 else {
                throw .badSize(option: option, value: value, cure: "give at most \(1 << 24)")
            }
        }
        return try recipe.step(options)
    }
}
