/// The GPUs that are fully described here. Descriptions of other GPUs start from one of them.
package enum MachinePreset: String, SettingsPreset {
    /// NVIDIA H200 SXM, the machine that was measured.
    case h200
    /// NVIDIA H100 SXM5: the same die with five stacks of HBM3. It was not measured.
    case h100SXM = "h100-sxm"

    package var sheet: Datasheet<MachineSettings> {
        switch self {
        case .h200: H200.sheet
        case .h100SXM: H100SXM.sheet
        }
    }
}

extension MachineSettings {
    /// The values of the NVIDIA H200 SXM.
    package static var h200: MachineSettings { MachinePreset.h200.settings }
}
