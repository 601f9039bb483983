import Kernels
import Trace

/// Turns what a user names into launches: kernels or groups of them, a model with changes, tilings.
package enum Workload {
    /// Groups of kernels by name.
    package static let groups = ["ssd-forward", "ssd-backward", "ssd-training"]

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

    /// The launches of `kernels` in the order given, on the tensors of one training step.
    ///
    /// Groups launch what the framework does: the backward pass runs four forward kernels again and bmm_ch_bwd twice. A backward
    /// kernel's name alone is its launch of the backward pass, bmm_ch_bwd's the one for B.
    /// - Parameters:
    ///   - kernels: names of groups and kernels; a kernel may stand more than once.
    ///   - tilings: texts such as `ch_scan_fwd:M=64,N=64`; a kernel without one takes its default.
    ///   - withGlue: with the framework's own launches before and after each kernel of the backward pass.
    /// - Throws: `ExperimentError` for the texts of tilings, `KernelError` for names, sizes and tilings that no kernel takes.
    package static func launches(
        kernels: [String], shape: SSDShape, tilings: [String] = [], withGlue: Bool = false
    ) throws -> GeneratedLaunches {
        try shape.validate()
        var launches: [(launch: SSDLaunch, pass: SSDPass)] = []
        for kernel in kernels {
            switch kernel {
            case "ssd-forward": launches += Registry.forwardLaunches.map { ($0, .forward) }
            case "ssd-backward": launches += Registry.backwardLaunches(shape: shape).map { ($0, .backward) }
            case "ssd-training":
                launches += Registry.forwardLaunches.map { ($0, .forward) }
                launches += Registry.backwardLaunches(shape: shape).map { ($0, .backward) }
            default:
                guard Registry.kernels.contains(kernel) else {
                    throw KernelError.unknownKernel(name: kernel, known: groups + Registry.kernels)
                }
                launches.append((SSDLaunch(kernel: kernel), Registry.ssdBackward.contains(kernel) ? .backward : .forward))
            }
        }
        let names = launches.map(\.launch.kernel)
        var chosen: [String: Tiling] = [:]
        for text in tilings {
            let option = try TilingOption(text)
            guard names.contains(option.kernel) else { throw ExperimentError.unusedTiling(text: text, kernels: names) }
            guard chosen[option.kernel] == nil else { throw ExperimentError.repeatedTiling(text: text) }
            chosen[option.kernel] = try option.tiling(shape: shape)
        }
        let forward = SSDAllocation(shape: shape)
        let backward = SSDAllocation(shape: shape, pass: .backward)
        var sources: [any BlockProgramSource] = []
        for (launch, pass) in launches {
            let tiling = chosen[launch.kernel]
            if withGlue, pass == .backward {
                sources += try TrainingStep.sources(of: launch, tiling: tiling, allocation: backward)
            } else {
                let allocation = pass == .forward ? forward : backward
                sources.append(try Registry.makeSource(launch, tiling: tiling, allocation: allocation))
            }
        }
        return GeneratedLaunches(sources)
    }
}
