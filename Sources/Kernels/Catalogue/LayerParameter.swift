/// One parameter of a layer, as `LayerParameters` stores it. Options, sweeps, refusals and help take their texts from
/// here.
package struct LayerParameter: Equatable, Sendable {
    /// The stored property, and the texts that it takes.
    enum Access: Sendable {
        case size(WritableKeyPath<LayerParameters, Int> & Sendable)
        case givenSize(WritableKeyPath<LayerParameters, Int?> & Sendable)
        case flag(WritableKeyPath<LayerParameters, Bool> & Sendable)
        /// One of `names`. A value of nil reads as the empty text.
        case choice(
            names: [String], read: @Sendable (LayerParameters) -> String?,
            write: @Sendable (String, inout LayerParameters) -> Void)
    }

    /// The name that options and sweeps use, such as `chunk-size`.
    package let name: String
    /// What a size counts; nil for choices.
    package let unit: String?
    /// One sentence for an option's help.
    package let help: String
    /// Whether every kernel depends on it. Other parameters matter only to the kernels whose family names them.
    package let isOfEveryKernel: Bool
    let access: Access

    init(_ name: String, unit: String? = nil, _ help: String, isOfEveryKernel: Bool = false, _ access: Access) {
        self.name = name
        self.unit = unit
        self.help = help
        self.isOfEveryKernel = isOfEveryKernel
        self.access = access
    }

    package static func == (one: Self, other: Self) -> Bool { one.name == other.name }

    /// The command-line option that sets it.
    package var option: String { "--\(name)" }

    /// Whether it is a whole number of at least 1.
    package var isSize: Bool {
        switch access {
        case .size, .givenSize: true
        case .flag, .choice: false
        }
    }

    /// The texts that a choice takes; empty for sizes.
    package var choices: [String] {
        switch access {
        case .size, .givenSize: []
        case .flag: ["true", "false"]
        case .choice(let names, _, _): names
        }
    }

    /// The value as text; empty where none is given.
    package func text(in parameters: LayerParameters) -> String {
        switch access {
        case .size(let path): "\(parameters[keyPath: path])"
        case .givenSize(let path): parameters[keyPath: path].map(String.init) ?? ""
        case .flag(let path): "\(parameters[keyPath: path])"
        case .choice(_, let read, _): read(parameters) ?? ""
        }
    }

    /// Whether the value differs from the one that stands where nothing is given.
    package func isGiven(in parameters: LayerParameters) -> Bool { text(in: parameters) != text(in: LayerParameters()) }

    /// Sets the value from its text.
    /// - Returns: false where the text is no value of the parameter.
    package func set(_ text: String, in parameters: inout LayerParameters) -> Bool {
        switch access {
        case .size(let path):
            guard let value = Int(text), value > 0 else { return false }
            parameters[keyPath: path] = value
        case .givenSize(let path):
            guard let value = Int(text), value > 0 else { return false }
            parameters[keyPath: path] = value
        case .flag(let path):
            guard let value = Bool(text) else { return false }
            parameters[keyPath: path] = value
        case .choice(let names, _, let write):
            guard names.contains(text) else { return false }
            write(text, &parameters)
        }
        return true
    }
}
