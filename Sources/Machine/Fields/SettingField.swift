/// A field of GPUs.
package typealias MachineField = SettingField<MachineSettings>

/// One number or choice of a machine, with everything that reading, printing and documenting it needs.
///
/// `SettingField.all` is the one table of fields for a kind of machine. Machine files, `--set`, `weir machines`, the
/// nearest-name suggestions and docs/machine-model.md all follow from it.
package struct SettingField<Settings: DescribedSettings>: Sendable {
    /// Name as written by users, such as `l2.capacity`: group, dot, field.
    package let name: String
    /// What the value counts.
    package let unit: FieldUnit
    /// Smallest and largest legal number. For lists it holds for each element.
    package let range: ClosedRange<Double>
    /// One line on what the value means.
    package let meaning: String
    /// The stored property.
    package let access: FieldAccess<Settings>

    init(
        _ name: String, _ unit: FieldUnit, _ access: FieldAccess<Settings>, in range: ClosedRange<Double> = 0...0,
        _ meaning: String
    ) {
        self.name = name
        self.unit = unit
        self.access = access
        self.range = range
        self.meaning = meaning
    }

    /// Every field, group by group, in the order in which machines are printed.
    package static var all: [Self] { Settings.fields }

    /// The field of this exact name.
    package static func named(_ name: String) -> Self? { all.first { $0.name == name } }

    /// The names of the groups, in order.
    package static var groups: [String] {
        all.reduce(into: []) { groups, field in
            if groups.last != field.group { groups.append(field.group) }
        }
    }

    /// The part of the name before the dot.
    package var group: String { String(name.prefix { $0 != "." }) }

    /// The part of the name after the dot.
    package var key: String { String(name.drop { $0 != "." }.dropFirst()) }

    /// Where a preset's value comes from.
    package func source(for preset: Settings.Preset) -> FieldSource { preset.sheet.source(of: self) }

    /// The legal range in words, such as `4096B to 1GiB`.
    package var allowed: String {
        switch unit {
        case .choice: access.choices.joined(separator: ", ")
        case .flag, .text: unit.example
        default: "\(unit.element.text(range.lowerBound)) to \(unit.element.text(range.upperBound))"
        }
    }
}
