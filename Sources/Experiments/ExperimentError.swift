/// What can be wrong with an experiment's inputs, one line each: the place, the cause, the cure.
package enum ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A launch cannot be simulated on this machine.
    case launchFailed(place: String?, order: Int, kernel: String, reason: String)
    /// The text names no kernel and fields.
    case malformedTilingOption(text: String)
    /// A tiling names a kernel that is not run.
    case unusedTiling(text: String, kernels: [String])
    /// Two tilings name one kernel.
    case repeatedTiling(text: String)
    /// A measured table has no launch that can be generated.
    case nothingToValidate(file: String)

    package var description: String {
        switch self {
        case .launchFailed(let place, let order, let kernel, let reason):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): \(reason)"
        case .malformedTilingOption(let text):
            "--tiling \(text): there is no kernel name followed by ':'; write KERNEL:M=64,N=64,K=32,warps=4,stages=4"
        case .unusedTiling(let text, let kernels):
            "--tiling \(text): this kernel is not run; give one of \(kernels.joined(separator: ", ")), or run it too"
        case .repeatedTiling(let text):
            "--tiling \(text): this kernel has a tiling already; put all fields into one option"
        case .nothingToValidate(let file):
            "\(file): no row is a forward launch of a kernel with a generator; give a table such as hardware/h200_ssd.csv"
        }
    }
}
