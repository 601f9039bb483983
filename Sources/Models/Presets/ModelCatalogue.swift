import Operators

/// A model that Weir can write down.
protocol ModelRecipe: Sendable {
    var name: String { get }
    /// The sizes that it takes, with its own values.
    var defaults: ModelOptions { get }
    func step(_ options: ModelOptions) throws(ModelError) -> ModelStep
}

/// The models, by name.
package enum ModelCatalogue {
    /// How an argument that names a model begins.
    package static let prefix = "model:"

    private static let recipes: [any ModelRecipe] = LanguageModel.all + [GraphMamba(), MambaVision()]

    package static let names = recipes.map(\.name)

    /// A name without `model:`.
    static func ownName(_ name: String) -> String {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// The sizes that a model takes, with its own values.
    /// - Parameter name: with or without `model:`.
    /// - Throws: `ModelError.unknownModel`.
    static func defaults(of name: String) throws(ModelError) -> ModelOptions { try recipe(named: name).defaults }

    private static func recipe(named name: String) throws(ModelError) -> any ModelRecipe {
        let own = ownName(name)
        guard let recipe = recipes.first(where: { $0.name == own }) else {
            throw .unknownModel(name: own, known: names)
        }
        return recipe
    }

    /// A training step of a model.
    /// - Parameter name: with or without `model:`.
    /// - Throws: `ModelError` for an unknown name, an option that the model does not take, and a bad size.
    package static func step(_ name: String, _ options: ModelOptions) throws(ModelError) -> ModelStep {
        let recipe = try recipe(named: name)
        let taken = recipe.defaults.given
        for parameter in options.given {
            let (option, value) = (parameter.option, parameter.value(in: options) ?? 0)
            guard taken.contains(parameter) else { throw .unfitOption(option: option, model: recipe.name) }
            guard value >= 1 else { throw .badSize(option: option, value: value, cure: "give at least 1") }
            guard value <= 1 << 24 else {
                throw .badSize(option: option, value: value, cure: "give at most \(1 << 24)")
            }
        }
        return try recipe.step(options)
    }
}
