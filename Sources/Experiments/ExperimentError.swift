import Content
import Kernels

/// An error in an experiment's inputs. Each prints as one line: the place, the cause, the cure.
package enum ExperimentError: UserError, Equatable, Sendable {
    /// A launch cannot be simulated on this machine.
    case launchFailed(place: String?, order: Int, kernel: String, reason: String)
    /// The text does not name a kernel and fields.
    case malformedTilingOption(text: String)
    /// A tiling names a kernel that is not run.
    case unusedTiling(text: String, kernels: [String])
    /// Two tilings name one kernel.
    case repeatedTiling(text: String)
    /// A tiling names a kernel whose sizes choose it.
    case fixedTiling(text: String)
    /// The sizes of a kernel to tune choose its blocks alone.
    case noTilings(kernel: String)
    /// No tilings of the kernel were measured, so that nothing says how well they are ranked.
    case notTuned(kernel: String)
    /// No kernel of the run takes this parameter.
    case unusedParameter(LayerParameter, kernels: [String])
    /// The layer's model does not have this kernel or group.
    case kernelOfOtherModel(kernel: String, layer: ModelLayer)
    /// A measured table has no launch that can be generated.
    case nothingToValidate(file: String)
    /// A launch touches more memory than an inspection can record.
    case footprintLimit(place: String?, order: Int, kernel: String, pages: Int)
    /// The launches of a curve touch more memory than an account of `bytes` bytes can record.
    case curveFootprint(place: String?, order: Int, kernel: String, bytes: Int)
    /// Options of a miss-ratio curve do not fit together.
    case impossibleCurve(option: String, reason: String)

    package var isUsage: Bool {
        switch self {
        case .malformedTilingOption, .unusedTiling, .repeatedTiling, .fixedTiling, .noTilings, .notTuned,
            .unusedParameter,
            .kernelOfOtherModel, .impossibleCurve:
            true
        case .launchFailed, .nothingToValidate, .footprintLimit, .curveFootprint: false
        }
    }

    package var description: String {
        switch self {
        case .launchFailed(let place, let order, let kernel, let reason):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): \(reason)"
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
        case .noTilings(let kernel):
            "\(kernel): sizes alone choose this kernel's blocks, there is nothing to tune; name a kernel of ssd-* or SwiGLU"
        case .notTuned(let kernel):
            "\(kernel): no measured tilings say how well its two are ranked; compare runs with --tiling \(kernel):K=64,warps=8"
        case .unusedParameter(let parameter, let kernels):
            "\(parameter.option): changes nothing in \(kernels.joined(separator: ", ")) of this model; leave it out"
        case .kernelOfOtherModel(let kernel, .mamba1):
            "\(kernel): a Mamba-1 model has no such kernel; give --model \(ModelPreset.all.map(\.name).joined(separator: ", ")), "
                + "or run \(Workload.mamba1Step) or a kernel of it"
        case .kernelOfOtherModel(let kernel, .mamba2):
            "\(kernel): a Mamba-2 model has no such kernel; give --model "
                + "\(Mamba1Preset.all.map(\.name).joined(separator: ", ")), or run other kernels"
        case .nothingToValidate(let file):
            "\(file): no row is a forward launch of a kernel with a generator; give a table such as h200_ssd.csv"
        case .footprintLimit(let place, let order, let kernel, let pages):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): touches more than \(pages) pages of 1 KiB, or shares them among "
                + "too many SMs: the account of each line would take more than \((pages * AccessProfiler.bytesPerPage) >> 20) MiB; raise "
                + "--footprint, or give --brief, which leaves footprints, sharing and reuse out"
        case .curveFootprint(let place, let order, let kernel, let bytes):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): the account of each line, and of each tensor's misses by distance, "
                + "would take more than \(bytes >> 20) MiB: give a smaller share of the lines with --sample, such as 0.01, or longer lines with "
                + "--line, or traces of fewer launches and tensors"
        case .impossibleCurve(let option, let reason):
            "\(option): \(reason)"
        }
    }
}
