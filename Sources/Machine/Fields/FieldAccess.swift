/// The stored property behind a field.
package enum FieldAccess: Sendable {
    case integer(WritableKeyPath<MachineSettings, Int> & Sendable)
    case real(WritableKeyPath<MachineSettings, Double> & Sendable)
    case flag(WritableKeyPath<MachineSettings, Bool> & Sendable)
    case text(WritableKeyPath<MachineSettings, String> & Sendable)
    case replacement(WritableKeyPath<MachineSettings, ReplacementPolicy> & Sendable)
    case writePolicy(WritableKeyPath<MachineSettings, WritePolicy> & Sendable)
    case hash(WritableKeyPath<MachineSettings, SetHash> & Sendable)
    case integers(WritableKeyPath<MachineSettings, [Int]> & Sendable)
    case groups(WritableKeyPath<MachineSettings, [[Int]]> & Sendable)

    /// Reads the property.
    package func value(in settings: MachineSettings) -> FieldValue {
        switch self {
        case .integer(let path): .integer(settings[keyPath: path])
        case .real(let path): .real(settings[keyPath: path])
        case .flag(let path): .flag(settings[keyPath: path])
        case .text(let path): .text(settings[keyPath: path])
        case .replacement(let path): .text(settings[keyPath: path].rawValue)
        case .writePolicy(let path): .text(settings[keyPath: path].rawValue)
        case .hash(let path): .text(settings[keyPath: path].rawValue)
        case .integers(let path): .integers(settings[keyPath: path])
        case .groups(let path): .groups(settings[keyPath: path])
        }
    }

    /// Writes the property; false if the value is of another kind or names no choice, which the parser rules out.
    package func set(_ value: FieldValue, in settings: inout MachineSettings) -> Bool {
        switch (self, value) {
        case (.integer(let path), .integer(let value)): settings[keyPath: path] = value
        case (.real(let path), .real(let value)): settings[keyPath: path] = value
        case (.flag(let path), .flag(let value)): settings[keyPath: path] = value
        case (.text(let path), .text(let value)): settings[keyPath: path] = value
        case (.integers(let path), .integers(let value)): settings[keyPath: path] = value
        case (.groups(let path), .groups(let value)): settings[keyPath: path] = value
        case (.replacement(let path), .text(let name)): return choose(path, name, in: &settings)
        case (.writePolicy(let path), .text(let name)): return choose(path, name, in: &settings)
        case (.hash(let path), .text(let name)): return choose(path, name, in: &settings)
        default: return false
        }
        return true
    }

    /// The names of a choice; empty for other kinds.
    package var choices: [String] {
        switch self {
        case .replacement: ReplacementPolicy.allCases.map(\.rawValue)
        case .writePolicy: WritePolicy.allCases.map(\.rawValue)
        case .hash: SetHash.allCases.map(\.rawValue)
        default: []
        }
    }

    private func choose<Choice: RawRepresentable<String>>(
        _ path: WritableKeyPath<MachineSettings, Choice>, _ name: String, in settings: inout MachineSettings
    ) -> Bool {
        guard let choice = Choice(rawValue: name) else { return false }
        settings[keyPath: path] = choice
        return true
    }
}
