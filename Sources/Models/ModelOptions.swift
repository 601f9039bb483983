/// What a command may change about a model preset; nil keeps the preset's own.
package struct ModelOptions: Equatable, Sendable {
    package var batch: Int?
    package var sequenceLength: Int?
    package var layers: Int?
    package var vocabulary: Int?
    package var nodes: Int?
    package var degree: Int?
    /// Whether every layer is simulated, rather than each kind of layer in its steady state.
    package var everyLayer = false

    package init() {}

    /// The sizes that have a value.
    package var given: [ModelParameter] { ModelParameter.all.filter { $0.value(in: self) != nil } }

    /// These options, with another's values where they have none.
    func filled(from other: ModelOptions) -> ModelOptions {
        var options = self
        for parameter in other.given where parameter.value(in: self) == nil {
            parameter.value(in: other).map { parameter.set($0, in: &options) }
        }
        return options
    }
}
