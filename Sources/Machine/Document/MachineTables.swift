import Replacement

/// The tables of docs/machine-model.md. They are made from the table of fields and the list of replacement policies.
package enum MachineTables {
    /// One row per field: name, both presets' values, unit, meaning, sources.
    package static var fields: String {
        table(
            header: ["name", "h200", "h100-sxm", "unit", "meaning", "source (h200)", "source (h100-sxm)"],
            rows: MachineField.all.map { field in
                let h200 = field.source(for: .h200).description
                let h100 = field.source(for: .h100SXM).description
                return [
                    "`\(field.name)`", value(field, .h200), value(field, .h100SXM), field.unit.rawValue, field.meaning,
                    h200,
                    h100 == h200 ? "same" : h100,
                ]
            })
    }

    /// The fields whose H200 value was fitted, and the data of the fit.
    package static var fitted: String {
        table(
            header: ["name", "h200", "fitted on"],
            rows: MachineField.all.filter { $0.source(for: .h200).kind == .fitted }.map {
                ["`\($0.name)`", value($0, .h200), $0.source(for: .h200).text]
            })
    }

    /// The replacement policies, and which line leaves under each.
    package static var policies: String {
        table(
            header: ["name", "what leaves a full set", "cleans ahead"],
            rows: ReplacementPolicy.allCases.map { ["`\($0.rawValue)`", $0.meaning, $0.knowsAges ? "yes" : "no"] })
    }

    private static func value(_ field: MachineField, _ preset: MachinePreset) -> String {
        let text = field.text(in: preset.settings)
        return text.count <= 80 ? text : "see `weir machines \(preset.rawValue)`"
    }

    private static func table(header: [String], rows: [[String]]) -> String {
        ([header, header.map { _ in "---" }] + rows)
            .map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}
