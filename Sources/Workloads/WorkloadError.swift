import Content
import Kernels

/// What can be wrong with names, parameters and tilings that launches are made of. Every one is wrong usage.
package enum WorkloadError: UserError, Equatable, Sendable {
    /// The text names no kernel and fields.
    case malformedTilingOption(text: String)
    /// A tiling names a kernel that is not run.
    case unusedTiling(text: String, kernels: [String])
    /// Two tilings name one kernel.
    case repeatedTiling(text: String)
    /// A tiling names a kernel whose sizes choose it.
    case fixedTiling(text: String)
    /// A parameter that no kernel of the run takes.
    case unusedParameter(LayerParameter, kernels: [String])
    /// A kernel or group that the layer's model does not have.
    case kernelOfOtherModel(kernel: String, layer: ModelLayer)

    package var isUsage: Bool { true }

    package var description: String {
        switch self {
        case .malformedTilingOption(let text):
            "--tiling \(text): there is no kernel name followed by ':'; write KERNEL:M=64,N=64,K=32,warps=4,stages=4"
        case .unusedTiling(let text, let kernels):
            "--tiling \(text): this kernel is not run; "
                + (kernels.isEmpty ? "leave it out" : "give one of \(kernels.joined(separator: ", "))")
                + ", or run it too"
        case .repeatedTiling(let text):
            "--tiling \(text): this kernel has a tiling already; put all fields into one option"
        case .fixedTiling(let text):
            "--tiling \(text): sizes alone choose this kernel's blocks; leave it out"
        case .unusedParameter(let parameter, let kernels):
            "\(parameter.option): changes nothing in \(kernels.joined(separator: ", ")) of this model; leave it out"
        case .kernelOfOtherModel(let kernel, .mamba1):
            "\(kernel): a Mamba-1 model has no such kernel; give --model \(ModelPreset.all.map(\.name).joined(separator: ", ")), "
                + "or run \(KernelGroup.mamba1Step.name) or a kernel of it"
        case .kernelOfOtherModel(let kernel, .mamba2):
            "\(kernel): a Mamba-2 model has no such kernel; give --model "
                + "\(Mamba1Preset.all.map(\.name).joined(separator: ", ")), or run other kernels"
        }
    }
}
