/// The stored property behind a field.
package enum FieldAccess<Settings>: Sendable {
    case integer(WritableKeyPath<Settings, Int> & Sendable)
    case real(WritableKeyPath<Settings, Double> & Sendable)
    case flag(WritableKeyPath<Settings, Bool> & Sendable)
    case text(WritableKeyPath<Settings, String> & Sendable)
    case integers(WritableKeyPath<Settings, [Int]> & Sendable)
    case groups(WritableKeyPath<Settings, [[Int]]> & Sendable)
    /// One of `names`. `write` returns false for any other text.
    case named(
        names: [String], read: @Sendable (Settings) -> String, write: @Sendable (String, inout Settings) -> Bool)

    /// A property whose values all have names.
    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ path: WritableKeyPath<Settings, Choice> & Sendable
    ) -> Self {
        .named(
            names: Choice.allCases.map(\.rawValue), read: { $0[keyPath: path].rawValue },
            write: { name, settings in
                guard let choice = Choice(rawValue: name) else { return false }
                settings[keyPath: path] = choice
                return true
            })
    }

    /// Reads the property.
    package func value(in settings: Settings) -> FieldValue {
        switch self {
        case .integer(let path): .integer(settings[keyPath: path])
        case .real(let path): .real(settings[keyPath: path])
        case .flag(let path): .flag(settings[keyPath: path])
        case .text(let path): .text(settings[keyPath: path])
        case .integers(let path): .integers(settings[keyPath: path])
        case .groups(let path): .groups(settings[keyPath: path])
        case .named(_, let read, _): .text(read(settings))
        }
    }

    /// Writes the property.
    /// - Returns: false if the value is of another kind or names no choice. The parser rules both out.
    package func set(_ value: FieldValue, in settings: inout Settings) -> Bool {
        switch (self, value) {
        case (.integer(let path), .integer(let value)): settings[keyPath: path] = value
        case (.real(let path), .real(let value)): settings[keyPath: path] = value
        case (.flag(let path), .flag(let value)): settings[keyPath: path] = value
        case (.text(let path), .text(let value)): settings[keyPath: path] = value
        case (.integers(let path), .integers(let value)): settings[keyPath: path] = value
        case (.groups(let path), .groups(let value)): settings[keyPath: path] = value
        case (.named(_, _, let write), .text(let name)): return write(name, &settings)
        default: return false
        }
        return true
    }

    /// The names of a choice; empty for other kinds.
    package var choices: [String] {
        if case .named(let names, _, _) = self { names } else { [] }
    }
}
