/// One number or choice of a machine: everything that reading, printing and documenting it needs.
///
/// `MachineField.all` is the one table of fields; machine files, `--set`, `weir machines`, the nearest-name suggestions and
/// docs/machine-model.md all follow from it.
package struct MachineField: Sendable {
    /// Name as written by users, such as `l2.capacity`: group, dot, field.
    package let name: String
    /// What the value counts.
    package let unit: FieldUnit
    /// Smallest and largest legal number; for lists, of each element.
    package let range: ClosedRange<Double>
    /// One line on what the value means.
    package let meaning: String
    /// The stored property.
    package let access: FieldAccess
    private let h200Source: FieldSource
    private let h100SXMSource: FieldSource?

    init(
        _ name: String, _ unit: FieldUnit, _ access: FieldAccess, in range: ClosedRange<Double> = 0...0,
        _ meaning: String, _ source: FieldSource, h100SXM: FieldSource? = nil
    ) {
        self.name = name
        self.unit = unit
        self.access = access
        self.range = range
        self.meaning = meaning
        h200Source = source
        h100SXMSource = h100SXM
    }

    /// Every field, group by group, in the order in which machines are printed.
    package static let all: [MachineField] =
        gpuFields + smFields + launchFields + l1Fields + coalescerFields + l2Fields + hbmFields + gpcFields

    /// The field of this exact name.
    package static func named(_ name: String) -> MachineField? { all.first { $0.name == name } }

    /// The names of the groups, in order.
    package static let groups: [String] = all.reduce(into: []) { groups, field in
        if groups.last != field.group { groups.append(field.group) }
    }

    /// The part of the name before the dot.
    package var group: String { String(name.prefix { $0 != "." }) }

    /// The part of the name after the dot.
    package var key: String { String(name.drop { $0 != "." }.dropFirst()) }

    /// Where a preset's value comes from; what was measured or fitted on the H200 is an estimate for another machine.
    package func source(for preset: MachinePreset) -> FieldSource {
        switch preset {
        case .h200: return h200Source
        case .h100SXM:
            if let h100SXMSource { return h100SXMSource }
            switch h200Source.kind {
            case .cited, .estimated: return h200Source
            case .measured, .fitted: return .estimated("as on the H200, which has the same die")
            }
        }
    }

    /// The legal range in words, such as `4096B to 1GiB`.
    package var allowed: String {
        switch unit {
        case .choice: access.choices.joined(separator: ", ")
        case .flag, .text: unit.example
        default: "\(unit.element.text(range.lowerBound)) to \(unit.element.text(range.upperBound))"
        }
    }
}
