/// A field of either kind of machine as a sweep sees it. Values are texts that `--set` takes, or numbers in base units.
package struct AnyField: Sendable {
    /// Name as written by users. The two kinds of machines share no name.
    package let name: String
    /// What the value counts.
    package let unit: FieldUnit
    /// Whether the value is a single number.
    package let isNumber: Bool
    /// Whether that number is whole in base units.
    package let isWhole: Bool
    private let parse: @Sendable (RawValue) throws(MachineError) -> FieldValue

    private init<Settings>(_ field: SettingField<Settings>) {
        name = field.name
        unit = field.unit
        switch field.access {
        case .integer: (isNumber, isWhole) = (true, true)
        case .real: (isNumber, isWhole) = (true, false)
        default: (isNumber, isWhole) = (false, false)
        }
        parse = { raw throws(MachineError) in try field.parse(raw) }
    }

    /// Fields of GPUs.
    package static let gpu = MachineSettings.fields.map { AnyField($0) }
    /// Fields of one core behind plain caches.
    package static let plain = PlainSettings.fields.map { AnyField($0) }

    /// Checks one value, given as text.
    /// - Returns: its number in base units; nil for values that are no single number.
    /// - Throws: `MachineError` with the value's place if the field does not take the value.
    package func number(of text: String) throws(MachineError) -> Double? {
        let place = SettingPlace.sweep("\(name)=\(text)")
        let raw =
            try text.hasPrefix("[")
            ? MachineFile.rawList(yaml: text, place: place) : RawValue(content: .scalar(text), place: place)
        switch try parse(raw) {
        case .integer(let value): return Double(value)
        case .real(let value): return value
        case .flag, .text, .integers, .groups: return nil
        }
    }

    /// A number in base units as a text that reads back as the same number.
    package func text(of number: Double) -> String { unit.text(number) }
}

extension AnyMachine {
    /// Every field's name and value in base units, in the order in which machines are printed. A result depends on
    /// nothing else of the machine.
    package var settingValues: [(name: String, value: String)] {
        func values<Settings: DescribedSettings>(_ settings: Settings) -> [(name: String, value: String)] {
            Settings.fields.map { ($0.name, Self.text(of: $0.access.value(in: settings))) }
        }
        return switch self {
        case .gpu(let machine): values(machine.settings)
        case .plain(let machine): values(machine.settings)
        }
    }

    private static func text(of value: FieldValue) -> String {
        switch value {
        case .integer(let value): String(value)
        case .real(let value): "\(value)"
        case .flag(let value): value ? "true" : "false"
        case .text(let value): value
        case .integers(let values): values.map(String.init).joined(separator: ",")
        case .groups(let groups): groups.map { $0.map(String.init).joined(separator: ",") }.joined(separator: ";")
        }
    }

    /// The fields that machines of this kind have.
    package var fields: [AnyField] {
        switch self {
        case .gpu: AnyField.gpu
        case .plain: AnyField.plain
        }
    }

    /// The step by which a whole-number field can change. For capacities of caches it is the number of bytes that one
    /// way of every set takes, in all partitions together. For all other fields it is 1.
    package func step(ofField name: String) -> Int {
        let parts: [Int] =
            switch (self, name) {
            case (.gpu(let machine), "l2.capacity"): [machine.l2.partitions, machine.l2.ways, machine.l2.lineBytes]
            case (.plain(let machine), "i1.capacity"): [machine.settings.i1.ways, machine.settings.i1.lineBytes]
            case (.plain(let machine), "d1.capacity"): [machine.settings.d1.ways, machine.settings.d1.lineBytes]
            case (.plain(let machine), "ll.capacity"): [machine.settings.ll.ways, machine.settings.ll.lineBytes]
            default: []
            }
        return parts.reduce(1, *)
    }
}
