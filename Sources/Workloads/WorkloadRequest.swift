import Kernels

/// The user's request for a run: kernels and groups by name, the layer's parameters, tilings.
package struct WorkloadRequest: Equatable, Sendable {
    package var kernels: [String]
    package var parameters: LayerParameters
    /// Texts such as `ch_scan_fwd:M=64,N=64`.
    package var tilings: [String]

    /// - Parameter kernels: the names. A function that is launched only if a flag is set sets that flag.
    package init(kernels: [String], parameters: LayerParameters = LayerParameters(), tilings: [String] = []) {
        self.kernels = kernels
        self.parameters = parameters
        for name in kernels { _ = Registry.flag(impliedBy: name)?.set("true", in: &self.parameters) }
        self.tilings = tilings
    }

    /// The model whose sizes the launches have.
    private var model: String { parameters.model ?? Workload.defaultModel(kernels: kernels) }

    /// The layer of the model. Given sizes replace the model's own.
    /// - Parameter multiprocessors: the number of SMs that the launcher sees.
    package func layer(multiprocessors: Int) throws(KernelError) -> ModelLayer {
        try ModelLayer(parameters, model: model, multiprocessors: multiprocessors)
    }

    /// The launches, in order.
    package func launches(multiprocessors: Int) throws -> GeneratedLaunches {
        try Workload.launches(
            kernels: kernels, layer: try layer(multiprocessors: multiprocessors), given: given, tilings: tilings,
            withGlue: parameters.withGlue)
    }

    /// The parameters that the user gave.
    package var given: [LayerParameter] { LayerParameter.all.filter { $0.isGiven(in: parameters) } }

    /// Whether `tilings` gives this part of a kernel's tiling.
    package func sets(_ field: String, ofTiling kernel: String) -> Bool {
        let options = tilings.compactMap { try? TilingOption($0) }.filter { $0.kernel == kernel }
        return options.contains { option in
            option.fields.split(whereSeparator: { ",; \t".contains($0) })
                .contains { $0.lowercased().hasPrefix(field.lowercased() + "=") }
        }
    }

    /// Everything that determines the launches besides the SMs, as name and text.
    package var keyTexts: [(name: String, value: String)] {
        var whole = parameters
        whole.model = model.lowercased()
        whole.timeStepDtype = parameters.timeStepDtype ?? parameters.dtype
        return [("kernels", kernels.map { Registry.kernel(named: $0)?.name ?? $0 }.joined(separator: " "))]
            + LayerParameter.all.map { ($0.name, $0.text(in: whole)) }
            + [("tiling", tilings.map(Self.sortedFields).sorted().joined(separator: " "))]
    }

    /// A tiling's text with its fields in order, so that equal tilings are equal texts.
    private static func sortedFields(_ option: String) -> String {
        guard let tiling = try? TilingOption(option) else { return option }
        let fields = tiling.fields.split(whereSeparator: { ",; \t".contains($0) }).map { $0.lowercased() }
        return "\(tiling.kernel):\(fields.sorted().joined(separator: ","))"
    }
}
