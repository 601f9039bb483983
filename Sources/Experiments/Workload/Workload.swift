import Kernels
import Trace

/// Turns what a user names into launches: kernels or groups of them, a model with changes, tilings.
package enum Workload {
    /// The group of a Mamba-1 layer's training step.
    package static let mamba1Step = "mamba1"

    /// The group of a forward call in one launch, with what the framework launches around it.
    package static let fusedForward = "ssd-forward-fused"

    /// Groups of kernels by name.
    package static let groups = ["ssd-forward", "ssd-backward", "ssd-training", fusedForward, mamba1Step]

    /// All names that stand for launches.
    package static var names: [String] { groups + KernelFamily.allKernels }

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

    /// The launches of a Mamba-2 block's `kernels`, as below.
    package static func launches(
        kernels: [String], shape: SSDShape, tilings: [String] = [], withGlue: Bool = false
    ) throws -> GeneratedLaunches {
        try launches(kernels: kernels, layer: .mamba2(Mamba2Block(ssd: shape)), tilings: tilings, withGlue: withGlue)
    }

    /// The launches of `kernels` in the order given, on the tensors of one training step: what one launch leaves to another
    /// has one address, and no two other tensors share any but where SSD's backward pass reuses what it has freed.
    ///
    /// SSD's groups launch what the framework does: the backward pass runs four forward kernels again and bmm_ch_bwd twice. A
    /// backward kernel's name alone is its launch of the backward pass, bmm_ch_bwd's the one for B.
    /// - Parameters:
    ///   - kernels: names of groups and kernels; a kernel may stand more than once.
    ///   - options: command-line options that were given, to refuse those that no kernel takes.
    ///   - tilings: texts such as `ch_scan_fwd:M=64,N=64`; a kernel without one takes its default.
    ///   - withGlue: with the framework's own launches before and after each kernel of SSD's backward pass.
    /// - Throws: `ExperimentError` for tilings' texts, options, and kernels that the layer's model has not; `KernelError` for
    ///   names, sizes and tilings that no kernel takes.
    package static func launches(
        kernels: [String], layer: ModelLayer, options: [String] = [], tilings: [String] = [], withGlue: Bool = false
    ) throws -> GeneratedLaunches {
        if case .mamba2(let block) = layer { try block.ssd.validate() }
        let launches = try kernels.flatMap { try expand($0, layer: layer) }
        try check(options, of: launches, layer: layer)
        let tilings = try chosenTilings(tilings, of: launches, layer: layer)
        var sources: [[any KernelGenerator]] = Array(repeating: [], count: launches.count)
        var book = TensorBook()
        if case .mamba2(let block) = layer, launches.contains(where: { $0.family == .ssd || $0.family == .fused }) {
            let forward = SSDAllocation(shape: block.ssd)
            let backward = SSDAllocation(shape: block.ssd, pass: .backward)
            for (index, launch) in launches.enumerated() where launch.family == .ssd {
                let ssd = SSDLaunch(kernel: launch.kernel, factor: launch.factor)
                let tiling = tilings[launch.kernel]
                sources[index] = withGlue && launch.pass == .backward
                    ? try TrainingStep.sources(of: ssd, tiling: tiling, allocation: backward)
                    : [try Registry.makeSource(ssd, tiling: tiling, allocation: launch.pass == .forward ? forward : backward)]
            }
            if launches.contains(where: { $0.family == .fused }) {
                // Inputs and output are the forward call's; the rest lies behind whatever the other launches touch.
                let tensors = FusedTensors(
                    allocation: forward, memory: DeviceMemory(behind: backward.end(behind: sources.joined().lazy.map(\.launch))))
                for (index, launch) in launches.enumerated() where launch.family == .fused {
                    sources[index] = try launch.fusedSources(
                        tiling: tilings[launch.kernel], allocation: forward, tensors: tensors)
                }
            }
            book = backward.book(behind: sources.joined().lazy.map(\.launch))
        }
        for (index, launch) in launches.enumerated() where launch.family != .ssd && launch.family != .fused {
            sources[index] = [try launch.source(layer: layer, tiling: tilings[launch.kernel], book: &book)]
        }
        for launch in sources.joined().lazy.map(\.launch) {
            if let broken = LaunchLimit.broken(by: launch) { throw KernelError.refusedLaunch(kernel: launch.kernel, broken) }
        }
        return GeneratedLaunches(Array(sources.joined()))
    }

    /// The launches that a name stands for.
    private static func expand(_ name: String, layer: ModelLayer) throws -> [LayerLaunch] {
        let launches: [LayerLaunch]
        switch (name, layer) {
        case ("ssd-forward", .mamba2): launches = ssdForward
        case ("ssd-backward", .mamba2(let block)): launches = ssdBackward(block.ssd)
        case ("ssd-training", .mamba2(let block)): launches = ssdForward + ssdBackward(block.ssd)
        case (fusedForward, .mamba2):
            var launch = LayerLaunch(kernel: SSDFused.kernel)
            launch?.hasFramework = true
            launches = launch.map { [$0] } ?? []
        case (mamba1Step, .mamba1):
            launches = ["conv1d_fwd", "sel_scn_fwd", "sel_scn_bwd", "conv1d_bwd"].compactMap { LayerLaunch(kernel: $0) }
        default:
            guard !groups.contains(name) else { throw ExperimentError.kernelOfOtherModel(kernel: name, layer: layer) }
            guard let launch = LayerLaunch(kernel: name) else {
                throw KernelError.unknownKernel(name: name, known: names)
            }
            launches = [launch]
        }
        guard launches.allSatisfy({ layer.families.contains($0.family) }) else {
            throw ExperimentError.kernelOfOtherModel(kernel: name, layer: layer)
        }
        return launches
    }

    private static var ssdForward: [LayerLaunch] { Registry.forwardLaunches.map { LayerLaunch($0, pass: .forward) } }

    private static func ssdBackward(_ shape: SSDShape) -> [LayerLaunch] {
        Registry.backwardLaunches(shape: shape).map { LayerLaunch($0, pass: .backward) }
    }

    /// Refuses options that would change nothing, or that fit no layer.
    private static func check(_ options: [String], of launches: [LayerLaunch], layer: ModelLayer) throws {
        let taken = launches.reduce(into: Set<String>()) { $0.formUnion($1.family.options(in: layer)) }
        if let option = options.first(where: { !taken.contains($0) }) {
            throw ExperimentError.unusedOption(option: option, kernels: distinct(launches.map(\.kernel)))
        }
        if case .mamba1(let shape) = layer, shape.isChannelLast, let scan = launches.first(where: { $0.family == .scan }) {
            throw ExperimentError.scanChannelLast(kernel: scan.kernel)
        }
    }

    /// Tilings by kernel.
    private static func chosenTilings(
        _ texts: [String], of launches: [LayerLaunch], layer: ModelLayer
    ) throws -> [String: Tiling] {
        var chosen: [String: Tiling] = [:]
        for text in texts {
            let option = try TilingOption(text)
            guard let launch = launches.first(where: { $0.kernel == option.kernel }) else {
                let tiled = launches.filter(\.family.hasTilings).map(\.kernel)
                throw ExperimentError.unusedTiling(text: text, kernels: distinct(tiled))
            }
            guard launch.family.hasTilings, case .mamba2(let block) = layer else {
                throw ExperimentError.fixedTiling(text: text)
            }
            guard chosen[option.kernel] == nil else { throw ExperimentError.repeatedTiling(text: text) }
            chosen[option.kernel] = launch.family == .swiglu
                ? try option.tiling(base: SwigluKernels.defaultTiling(shape: block.swiglu))
                : try option.tiling(shape: block.ssd)
        }
        return chosen
    }

    private static func distinct(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
