extension DescribedSettings {
    /// The machine as a machine file. Reading the file gives exactly these settings.
    ///
    /// Every value has its source as a comment. A value that differs from the preset's says so instead.
    package func yaml(withSources: Bool = true) -> String {
        let preset = preset.settings
        var lines = ["preset: \(self.preset.rawValue)"]
        for group in SettingField<Self>.groups {
            lines.append("\(group):")
            for field in Self.fields where field.group == group {
                let value = field.access.value(in: self)
                let original = field.access.value(in: preset)
                var line = "  \(field.key): \(field.yamlText(value))"
                if withSources {
                    let comment =
                        value == original
                        ? field.source(for: self.preset).description
                        : "set; the preset has \(field.text(original))"
                    if case .groups = value, field.text(value) != "[]" {
                        line = "  # \(comment)\n" + line
                    } else {
                        line = line.padded(to: 36) + "  # \(comment)"
                    }
                }
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension SettingField {
    /// The value with its unit on one line, as tables show it and `--set` accepts it.
    package func text(_ value: FieldValue) -> String {
        switch value {
        case .integer(let value): unit.text(Double(value))
        case .real(let value): unit.text(value)
        case .flag(let value): value ? "true" : "false"
        case .text(let text): text
        case .integers(let values): "[" + values.map { unit.element.text(Double($0)) }.joined(separator: ", ") + "]"
        case .groups(let groups):
            "[" + groups.map { "[" + $0.map(String.init).joined(separator: ", ") + "]" }.joined(separator: ", ") + "]"
        }
    }

    /// The value of `settings` with its unit on one line.
    package func text(in settings: Settings) -> String { text(access.value(in: settings)) }

    /// The value as YAML below its group. Free text is quoted, and a list of lists has one list a line.
    fileprivate func yamlText(_ value: FieldValue) -> String {
        switch value {
        case .text(let text) where unit == .text:
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        case .groups(let groups) where !groups.isEmpty:
            groups.map { "\n    - [" + $0.map(String.init).joined(separator: ", ") + "]" }.joined()
        default:
            text(value)
        }
    }
}

extension String {
    /// The text with spaces appended up to `length` characters.
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - count))
    }
}
