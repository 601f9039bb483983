/// The content of a preset's file: every value with its source.
package struct Datasheet<Settings: DescribedSettings>: Sendable {
    /// A value and where it comes from.
    struct Entry: Sendable {
        /// The field's name.
        let field: String
        /// The value with its unit, as a machine file writes it.
        let value: String
        let source: FieldSource

        init(_ field: String, _ value: String, _ source: FieldSource) {
            self.field = field
            self.value = value
            self.source = source
        }
    }

    package let settings: Settings
    private let sources: [String: FieldSource]

    /// A sheet that gives every field a value, in the order of the fields.
    init(of preset: Settings.Preset, _ entries: [Entry]) {
        precondition(
            entries.map(\.field) == Settings.fields.map(\.name),
            "the sheet of \(preset.rawValue) does not give each field its value")
        settings = Self.filled(Settings(blank: preset), with: entries)
        sources = Self.sources(entries)
    }

    /// A sheet that only gives the values that differ from another machine's.
    /// - Parameter reason: why the other machine's measured and fitted values are estimates for this one.
    init(of preset: Settings.Preset, from base: Self, because reason: String, _ entries: [Entry]) {
        var settings = Self.filled(base.settings, with: entries)
        settings.preset = preset
        self.settings = settings
        let inherited = base.sources.mapValues { source in
            switch source.kind {
            case .cited, .estimated: source
            case .measured, .fitted: FieldSource.estimated(reason)
            }
        }
        sources = inherited.merging(Self.sources(entries)) { $1 }
    }

    /// Where a field's value comes from.
    func source(of field: SettingField<Settings>) -> FieldSource {
        guard let source = sources[field.name] else { preconditionFailure("no sheet has a source of \(field.name)") }
        return source
    }

    private static func filled(_ settings: Settings, with entries: [Entry]) -> Settings {
        do {
            return try MachineOverrides<Settings>(options: entries.map { "\($0.field)=\($0.value)" }).applied(
                to: settings)
        } catch {
            preconditionFailure("a preset holds what no machine file may: \(error)")
        }
    }

    private static func sources(_ entries: [Entry]) -> [String: FieldSource] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.field, $0.source) })
    }
}
