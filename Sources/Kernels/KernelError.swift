import Content
import Suggestions
import Trace

/// What can be wrong with a request for a kernel's programs.
package enum KernelError: UserError, Equatable {
    case unknownKernel(name: String, known: [String])
    case unknownModel(name: String, known: [String])
    case badShape(field: String, value: Int, cure: String)
    case badTiling(kernel: String, field: String, value: Int, cure: String)
    /// CUDA would refuse the launch, or the launch has more blocks than Weir can number.
    case refusedLaunch(kernel: String, LaunchLimit)
    /// A parameter of the layer has a value that a kernel of the run does not take.
    case unfitParameter(LayerParameter, kernel: String, reason: String)
    case missingOption(kernel: String, option: String)
    case malformedTiling(text: String, part: String, cure: String)

    /// Options name kernels, models, sizes and tilings.
    package var isUsage: Bool { true }

    package var description: String {
        switch self {
        case .unknownKernel(let name, let known):
            "no generator for kernel \"\(name)\"; "
                + (KernelNames.nearest(to: name, among: known).nearest()
                    ?? "give one of \(known.joined(separator: ", "))")
        case .unknownModel(let name, let known):
            "no model preset \"\(name)\"; \(Self.nearestModels(name, known))give one of \(known.joined(separator: ", ")), "
                + "or the sizes one by one"
        case .badShape(let field, let value, let cure):
            "shape: \(field) is \(value); \(cure)"
        case .badTiling(let kernel, let field, let value, let cure):
            "tiling of \(kernel): \(field) is \(value); \(cure)"
        case .refusedLaunch(let kernel, let broken):
            "\(kernel): \(broken.field) is \(broken.value), and \(broken.isOwn ? "Weir takes" : "CUDA launches") at most \(broken.limit); "
                + (broken.field.hasPrefix("grid")
                    ? "make the batch, the length or the heads smaller, or the kernel's tiles larger"
                    : "give a tiling of fewer warps or smaller tiles")
        case .unfitParameter(let parameter, let kernel, let reason):
            "\(parameter.option): \(kernel) \(reason)"
        case .missingOption(let kernel, let option):
            "\(kernel) is launched only with \(option); ask for it, or leave the kernel out"
        case .malformedTiling(let text, let part, let cure):
            "tiling \"\(text)\": cannot read \"\(part)\"; \(cure)"
        }
    }

    /// The models that a name may mean. The owner before a slash does not count.
    private static func nearestModels(_ name: String, _ known: [String]) -> String {
        let own = name.split(separator: "/").last.map(String.init) ?? name
        return Suggestion(for: own, among: known, meanings: .models).nearest().map { $0 + "; " } ?? ""
    }
}
