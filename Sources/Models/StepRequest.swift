import Operators

/// What a user asks for in place of kernels: a model's training step, or a list of operators.
package enum StepRequest: Sendable {
    /// A model by name, with or without `model:`.
    case model(name: String, options: ModelOptions)
    case list(OperatorList)

    /// The launches.
    /// - Throws: `ModelError` for what the model does not take, `OperatorError` for operators without launches.
    package func launches(multiprocessors: Int) throws -> StepLaunches {
        switch self {
        case .model(let name, let options):
            try StepLaunches(ModelCatalogue.step(name, options), multiprocessors: multiprocessors)
        case .list(let list): try StepLaunches(list, multiprocessors: multiprocessors)
        }
    }

    /// The sizes that the request takes; none of a list, whose operators are as they are.
    /// - Throws: `ModelError.unknownModel`.
    package func parameters() throws(ModelError) -> [ModelParameter] {
        switch self {
        case .model(let name, _): try ModelCatalogue.defaults(of: name).given
        case .list: []
        }
    }

    /// The sizes that the user gave.
    package var given: [ModelParameter] {
        if case .model(_, let options) = self { options.given } else { [] }
    }

    /// The request with other values of some sizes.
    package func setting(_ values: [(parameter: ModelParameter, value: Int)]) -> StepRequest {
        guard case .model(let name, var options) = self else { return self }
        for (parameter, value) in values { parameter.set(value, in: &options) }
        return .model(name: name, options: options)
    }

    /// Everything that determines a model's launches besides the SMs, as name and text. A size that is not given has
    /// the preset's value. A list has none, since its text alone decides.
    package var keyTexts: [(name: String, value: String)] {
        switch self {
        case .model(let name, let given):
            let options = (try? ModelCatalogue.defaults(of: name)).map { given.filled(from: $0) } ?? given
            return [("model", ModelCatalogue.ownName(name)), ("every-layer", "\(options.everyLayer)")]
                + ModelParameter.all.map { ($0.name, $0.value(in: options).map(String.init) ?? "") }
        case .list: return []
        }
    }
}
