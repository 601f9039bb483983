/// The machines that are described in full here; others start from one of them.
package enum MachinePreset: String, CaseIterable, Sendable {
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
}
