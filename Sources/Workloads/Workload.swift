import Kernels
import Trace

/// Turns the user's names into launches: kernels or groups of them, a model with changes, tilings.
package enum Workload {
    /// Groups of kernels by name.
    package static let groups = KernelGroup.all.map(\.name)

    /// All names that stand for launches, in addition to the real functions' own names.
    package static var names: [String] { groups + Registry.names }

    /// The model if none is named. It is a Mamba-1 model if all kernels are Mamba-1's, and otherwise a Mamba-2 model.
    package static func defaultModel(kernels: [String]) -> String {
        let mamba1 = kernels.allSatisfy { name in
            KernelGroup.named(name)?.model == .mamba1
                || Registry.kernel(named: name).flatMap { Registry.family(of: $0.name) }?.models.contains(.mamba1)
                    == true
        }
        return (mamba1 ? ModelKind.mamba1 : .mamba2).defaultModel
    }

    /// The launches of a Mamba-2 block's `kernels`, as below.
    package static func launches(
        kernels: [String], shape: SSDShape, tilings: [String] = [], withGlue: Bool = false
    ) throws -> GeneratedLaunches {
        try launches(kernels: kernels, layer: .mamba2(Mamba2Block(ssd: shape)), tilings: tilings, withGlue: withGlue)
    }

    /// The launches of `kernels` in the given order, on the tensors of one training step. A tensor that one launch
    /// leaves to another has one address. No two other tensors share an address, except where SSD's backward pass
    /// reuses freed memory.
    ///
    /// SSD's groups launch what the framework launches: the backward pass runs four forward kernels again and
    /// bmm_ch_bwd twice. A backward kernel's name alone stands for its launch of the backward pass. For bmm_ch_bwd that
    /// is the one for B.
    /// - Parameters:
    ///   - kernels: names of groups and kernels. A kernel may appear more than once.
    ///   - given: the parameters that the user gave. The function refuses those that no kernel takes.
    ///   - tilings: texts such as `ch_scan_fwd:M=64,N=64`. A kernel without one takes its default.
    ///   - withGlue: whether to add the framework's own launches before and after each kernel of SSD's backward pass.
    /// - Throws: `WorkloadError` for tilings' texts, parameters, and kernels that the layer's model does not have.
    ///   `KernelError` for names, sizes and tilings that no kernel takes.
    package static func launches(
        kernels: [String], layer: ModelLayer, given: [LayerParameter] = [], tilings: [String] = [],
        withGlue: Bool = false
    ) throws -> GeneratedLaunches {
        try layer.block?.ssd.validateFields()
        var launches = try kernels.flatMap { try expand($0, layer: layer) }
        try check(given, of: launches, layer: layer)
        let tilings = try chosenTilings(tilings, of: launches, layer: layer)
        var sources: [[any KernelGenerator]] = Array(repeating: [], count: launches.count)
        var book = TensorBook()
        // The family of each launch, by index. Calls lay out their tensors first.
        let families = launches.map { launch in Registry.families.firstIndex { $0.has(launch.kernel) } }
        for index in launches.indices {
            launches[index].tiling = tilings[launches[index].kernel.name]
            if let family = families[index].map({ Registry.families[$0] }),
                family.parameters(in: layer).contains(.withGlue)
            {
                launches[index].hasFramework = withGlue
            }
        }
        for (number, family) in Registry.families.enumerated() where family.isOneCall {
            let places = launches.indices.filter { families[$0] == number }
            guard !places.isEmpty else { continue }
            let made = try family.sources(of: places.map { launches[$0] }, layer: layer, book: &book)
            for (place, source) in zip(places, made) { sources[place] = source }
        }
        for index in launches.indices {
            guard let family = families[index].map({ Registry.families[$0] }), !family.isOneCall else { continue }
            sources[index] = try family.sources(of: [launches[index]], layer: layer, book: &book).flatMap { $0 }
        }
        for launch in sources.joined().lazy.map(\.launch) {
            if let broken = LaunchLimit.broken(by: launch) {
                throw KernelError.refusedLaunch(kernel: launch.kernel, broken)
            }
        }
        return GeneratedLaunches(Array(sources.joined()))
    }

    /// The launches that a name stands for.
    private static func expand(_ name: String, layer: ModelLayer) throws -> [LayerLaunch] {
        let launches: [LayerLaunch]
        if let group = KernelGroup.named(name) {
            guard group.model == layer.kind else { throw WorkloadError.kernelOfOtherModel(kernel: name, layer: layer) }
            launches = group.launches(layer)
        } else if let kernel = Registry.kernel(named: name) {
            launches = [LayerLaunch(kernel)]
        } else {
            throw KernelError.unknownKernel(name: name, known: names)
        }
        guard launches.allSatisfy({ Registry.family(of: $0.kernel.name)?.models.contains(layer.kind) == true }) else {
            throw WorkloadError.kernelOfOtherModel(kernel: name, layer: layer)
        }
        return launches
    }

    /// Refuses parameters that would change nothing or that fit no layer.
    private static func check(_ given: [LayerParameter], of launches: [LayerLaunch], layer: ModelLayer) throws {
        let families = launches.compactMap { Registry.family(of: $0.kernel.name) }
        let taken = families.flatMap { $0.parameters(in: layer) }
        if let parameter = given.first(where: { !$0.isOfEveryKernel && !taken.contains($0) }) {
            throw WorkloadError.unusedParameter(parameter, kernels: distinct(launches.map(\.kernel.name)))
        }
        for (launch, family) in zip(launches, families) { try family.check(layer, kernel: launch.kernel) }
    }

    /// Tilings by kernel.
    private static func chosenTilings(
        _ texts: [String], of launches: [LayerLaunch], layer: ModelLayer
    ) throws -> [String: Tiling] {
        var chosen: [String: Tiling] = [:]
        for text in texts {
            let option = try TilingOption(text)
            guard let kernel = launches.first(where: { $0.kernel.name == option.kernel })?.kernel else {
                let tiled = launches.filter { $0.kernel.tilings != nil }.map(\.kernel.name)
                throw WorkloadError.unusedTiling(text: text, kernels: distinct(tiled))
            }
            guard let base = kernel.tilings?.defaultTiling(in: layer) else {
                throw WorkloadError.fixedTiling(text: text)
            }
            guard chosen[kernel.name] == nil else { throw WorkloadError.repeatedTiling(text: text) }
            chosen[kernel.name] = try option.tiling(base: base)
        }
        return chosen
    }

    private static func distinct(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension KernelFamily {
    fileprivate func has(_ kernel: KernelDescription) -> Bool { kernels.contains { $0.name == kernel.name } }
}
