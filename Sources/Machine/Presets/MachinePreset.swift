/// The GPUs that are described in full here; others start from one of them.
package enum MachinePreset: String, SettingsPreset {
    /// NVIDIA H200 SXM, the machine that was measured.
    case h200
    /// NVIDIA H100 SXM5, the same die with five stacks of HBM3; unmeasured.
    case h100SXM = "h100-sxm"

    /// The preset's values.
    package var settings: MachineSettings {
        switch self {
        case .h200: .h200
        case .h100SXM: .h100SXM
        }
    }

    /// What was measured or fitted on the H200 is an estimate for another GPU.
    package func source(of field: MachineField) -> FieldSource {
        switch self {
        case .h200: return field.source
        case .h100SXM:
            if let other = field.otherSource { return other }
            switch field.source.kind {
            case .cited, .estimated: return field.source
            case .measured, .fitted: return .estimated("as on the H200, which has the same die")
            }
        }
    }
}
