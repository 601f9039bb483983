import Content
import Suggestions

/// What can be wrong with a request for a model.
package enum ModelError: UserError, Equatable {
    case unknownModel(name: String, known: [String])
    case badSize(option: String, value: Int, cure: String)
    case unfitOption(option: String, model: String)

    package var isUsage: Bool { true }

    package var description: String {
        switch self {
        case .unknownModel(let name, let known):
            "no model 'model:\(name)'; "
                + (Suggestion(for: name, among: known).nearest().map { $0 + "; " } ?? "")
                + "give one of \(known.map { "model:" + $0 }.joined(separator: ", "))"
        case .badSize(let option, let value, let cure): "\(option) is \(value); \(cure)"
        case .unfitOption(let option, let model): "\(option) means nothing to model:\(model); leave it out"
        }
    }
}
