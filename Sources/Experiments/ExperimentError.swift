/// What can be wrong with an experiment's inputs, one line each: the place, the cause, the cure.
package enum ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A launch cannot be simulated on this machine.
    case launchFailed(place: String?, order: Int, kernel: String, reason: String)
    /// No kernel or group of kernels has this name.
    case unknownKernel(name: String, known: [String])
    /// No model has this name.
    case unknownModel(name: String, known: [String])
    /// The text is no tiling.
    case badTiling(text: String, reason: String)
    /// A tiling names a kernel that is not run.
    case unusedTiling(text: String, kernels: [String])
    /// A size or a combination of sizes that no kernel can be launched with.
    case badShape(option: String, reason: String)

    package var description: String {
        switch self {
        case .launchFailed(let place, let order, let kernel, let reason):
            "\(place.map { "\($0): " } ?? "")launch \(order) (\(kernel)): \(reason)"
        case .unknownKernel(let name, let known):
            "no kernel is called '\(name)'; known are \(known.joined(separator: ", "))"
        case .unknownModel(let name, let known):
            "--model \(name): no model is called so; known are \(known.joined(separator: ", ")), "
                + "or give --heads, --head-dim, --groups and --state-dim"
        case .badTiling(let text, let reason):
            "--tiling \(text): \(reason); write KERNEL:M=64,N=64,K=32,warps=4,stages=4"
        case .unusedTiling(let text, let kernels):
            "--tiling \(text): this kernel is not run; run are \(kernels.joined(separator: ", "))"
        case .badShape(let option, let reason):
            "\(option): \(reason)"
        }
    }
}
