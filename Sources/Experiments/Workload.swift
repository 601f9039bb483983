import Kernels
import Trace

/// Turns what a user names into launches: kernels or groups of them, a model with changes, tilings.
package enum Workload {
    /// Groups of kernels by name, in launch order.
    package static let groups: [(name: String, kernels: [String])] = [("ssd-forward", Registry.ssdForward)]

    /// The model's sizes with those given in place of its own.
    /// - Throws: `KernelError.unknownModel`; sizes are judged when launches are made.
    package static func shape(
        model: String, batch: Int, sequenceLength: Int, chunkSize: Int? = nil, heads: Int? = nil, headDim: Int? = nil,
        groups: Int? = nil, stateDim: Int? = nil
    ) throws(KernelError) -> SSDShape {
        let preset = try ModelPreset.named(model)
        return SSDShape(
            batch: batch, sequenceLength: sequenceLength, heads: heads ?? preset.heads, headDim: headDim ?? preset.headDim,
            groups: groups ?? preset.groups, stateDim: stateDim ?? preset.stateDim, chunkSize: chunkSize ?? preset.chunkSize)
    }

    /// The launches of `kernels` in the order given, on the tensors of one call.
    /// - Parameters:
    ///   - kernels: names of groups and kernels; a kernel may stand more than once.
    ///   - tilings: texts such as `ch_scan_fwd:M=64,N=64`; a kernel without one takes its default.
    /// - Throws: `ExperimentError` for the texts of tilings, `KernelError` for names, sizes and tilings that no kernel takes.
    package static func launches(kernels: [String], shape: SSDShape, tilings: [String] = []) throws -> GeneratedLaunches {
        try shape.validate()
        var names: [String] = []
        for kernel in kernels {
            if let group = groups.first(where: { $0.name == kernel }) {
                names += group.kernels
            } else if Registry.kernels.contains(kernel) {
                names.append(kernel)
            } else {
                throw KernelError.unknownKernel(name: kernel, known: groups.map(\.name) + Registry.kernels)
            }
        }
        var chosen: [String: Tiling] = [:]
        for text in tilings {
            let option = try TilingOption(text)
            guard names.contains(option.kernel) else { throw ExperimentError.unusedTiling(text: text, kernels: names) }
            guard chosen[option.kernel] == nil else { throw ExperimentError.repeatedTiling(text: text) }
            chosen[option.kernel] = try option.tiling(shape: shape)
        }
        let allocation = SSDAllocation(shape: shape)
        return GeneratedLaunches(
            try names.map { try Registry.makeSource(kernel: $0, tiling: chosen[$0], allocation: allocation) })
    }
}
