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

    /// The options by name, and their values.
    var given: [(name: String, value: Int)] {
        [
            ("--batch", batch), ("--sequence-length", sequenceLength), ("--layers", layers),
            ("--vocabulary", vocabulary), ("--nodes", nodes), ("--degree", degree),
        ].compactMap { name, value in value.map { (name, $0) } }
    }
}
