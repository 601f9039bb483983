import Suggestions

/// Values that replace a preset's, in the order in which they were written. Each field is set at most once.
package struct MachineOverrides<Settings: DescribedSettings>: Sendable {
    private typealias Field = SettingField<Settings>

    private var values: [(field: Field, value: FieldValue, place: SettingPlace)] = []

    package init() {}

    /// Reads options of the form `l2.capacity=25MiB`.
    /// - Throws: the first wrong option.
    package init(options: [String]) throws(MachineError) {
        for option in options { try add(option: option) }
    }

    /// Adds one option of the form `l2.capacity=25MiB`.
    package mutating func add(option: String) throws(MachineError) {
        let place = SettingPlace.option(option)
        guard let equals = option.firstIndex(of: "=") else {
            throw .malformed(
                place: place, reason: "there is no '='", cure: "write name=value, such as \(Settings.optionExample)")
        }
        let name = option[..<equals].trimmingASCIISpaces()
        let text = option[option.index(after: equals)...].trimmingASCIISpaces()
        let raw =
            try text.hasPrefix("[")
            ? MachineFile.rawList(yaml: text, place: place) : RawValue(content: .scalar(text), place: place)
        try add(name: name, raw: raw, namePlace: place)
    }

    /// Adds one value by its field's name.
    mutating func add(name: String, raw: RawValue, namePlace: SettingPlace) throws(MachineError) {
        guard let field = Field.named(name) else {
            throw .unknownField(
                name: name, place: namePlace,
                nearest: Suggestion(for: name, among: Field.all.map(\.name), meanings: .fields).names)
        }
        if let first = values.first(where: { $0.field.name == name }) {
            throw .duplicate(field: name, place: namePlace, first: first.place)
        }
        values.append((field, try field.parse(raw), namePlace))
    }

    /// Where the field's value was written; nil where the field is not among the values.
    func place(of name: String) -> SettingPlace? { values.first { $0.field.name == name }?.place }

    /// Whether this field is among the values.
    package func contains(_ name: String) -> Bool { values.contains { $0.field.name == name } }

    /// `settings` with these values, and with what follows from them (`DescribedSettings.settle`).
    package func applied(to settings: Settings) -> Settings {
        var result = settings
        for (field, value, _) in values {
            let fits = field.access.set(value, in: &result)
            precondition(fits, "the parser gives every field its own kind of value")
        }
        result.settle(from: settings, isGiven: contains)
        return result
    }
}

extension Substring {
    /// The text without spaces and tabs at its ends.
    func trimmingASCIISpaces() -> String {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
