/// A size of a model that a command may change.
package struct ModelParameter: Equatable, Sendable {
    /// The name that options and sweeps use, such as `layers`.
    package let name: String
    private let path: WritableKeyPath<ModelOptions, Int?> & Sendable

    /// Every size. A new one needs a property of `ModelOptions`, a place here, and the option.
    package static let all: [ModelParameter] = [
        ModelParameter(name: "batch", path: \.batch), ModelParameter(name: "sequence-length", path: \.sequenceLength),
        ModelParameter(name: "layers", path: \.layers), ModelParameter(name: "vocabulary", path: \.vocabulary),
        ModelParameter(name: "nodes", path: \.nodes), ModelParameter(name: "degree", path: \.degree),
    ]

    /// The command-line option that sets it.
    package var option: String { "--\(name)" }

    /// The value; nil where the preset's own stands.
    package func value(in options: ModelOptions) -> Int? { options[keyPath: path] }

    package func set(_ value: Int, in options: inout ModelOptions) { options[keyPath: path] = value }

    package static func == (one: Self, other: Self) -> Bool { one.name == other.name }
}
