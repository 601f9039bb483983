import Suggestions

/// The settings of either kind of machine.
package enum AnySettings: Equatable, Sendable {
    case gpu(MachineSettings)
    case plain(PlainSettings)

    /// The values of the preset with this name; nil where there is none.
    init?(preset name: String) {
        if let preset = MachinePreset(rawValue: name) {
            self = .gpu(preset.settings)
        } else if let preset = PlainPreset(rawValue: name) {
            self = .plain(preset.settings)
        } else {
            return nil
        }
    }

    /// The names of all presets, GPUs first.
    package static let presetNames = MachinePreset.allCases.map(\.rawValue) + PlainPreset.allCases.map(\.rawValue)

    /// The names of all presets, nearest to `name` first.
    static func presetNames(nearest name: String) -> [String] {
        let meant = Suggestion(for: name, among: presetNames, meanings: .machines).names
        return meant + Suggestion.ranked(presetNames, for: name).filter { !meant.contains($0) }
    }

    /// A GPU's settings.
    /// - Throws: `MachineError.needsGPU` for plain caches.
    func gpu(named name: String) throws(MachineError) -> MachineSettings {
        guard case .gpu(let settings) = self else { throw .needsGPU(machine: name, what: "this") }
        return settings
    }
}
