import Machine

/// The machine of a result: its name, and its differences from its preset.
package struct MachineSummary: Sendable {
    package let name: String
    package let preset: String
    /// The fields that differ: name, value, and the preset's value, each with its unit.
    package let differences: [(field: String, value: String, preset: String)]
    /// All fields with their values, in the order of printed machines.
    package let settings: [(field: String, value: String)]

    package init(_ machine: MachineDescription) { self.init(machine.settings, name: machine.gpu.name) }

    package init(_ machine: PlainMachine) { self.init(machine.settings, name: machine.settings.core.name) }

    package init(any machine: AnyMachine) {
        switch machine {
        case .gpu(let machine): self.init(machine)
        case .plain(let machine): self.init(machine)
        }
    }

    private init<Settings: DescribedSettings>(_ settings: Settings, name: String) {
        self.name = name
        preset = settings.preset.rawValue
        let original = settings.preset.settings
        differences = Settings.fields.compactMap { field in
            let value = field.text(in: settings)
            let before = field.text(in: original)
            return value == before ? nil : (field.name, value, before)
        }
        self.settings = Settings.fields.map { ($0.name, $0.text(in: settings)) }
    }

    /// Lines for people: the name, then one line for each difference.
    package var text: String {
        var lines = ["Machine: \(name) (preset \(preset))"]
        for difference in differences {
            lines.append("  \(difference.field) \(difference.value), the preset has \(difference.preset)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Name, preset, the differences and all settings.
    package var json: JSONValue {
        .object([
            ("name", .text(name)),
            ("preset", .text(preset)),
            ("differs_from_preset", .object(differences.map { ($0.field, .text($0.value)) })),
            ("settings", .object(settings.map { ($0.field, .text($0.value)) })),
        ])
    }
}
