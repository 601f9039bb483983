import Kernels

/// Kernels that follow from the same sizes and take the same options.
package enum KernelFamily: CaseIterable, Sendable {
    case ssd, fused, scan, convolution, norm, swiglu

    /// The kernels by the names that commands use.
    package var kernels: [String] {
        switch self {
        case .ssd: Registry.kernels
        case .fused: [SSDFused.kernel]
        case .scan: Mamba1Kernels.kernels.filter { $0.hasPrefix("sel_scn") }
        case .convolution: Mamba1Kernels.kernels.filter { $0.hasPrefix("conv1d") }
        case .norm: NormKernels.kernels
        case .swiglu: SwigluKernels.kernels
        }
    }

    /// Every kernel that has a generator.
    package static let allKernels = allCases.flatMap(\.kernels)

    /// The family of a kernel; nil for a name without a generator.
    package init?(kernel: String) {
        guard let family = Self.allCases.first(where: { $0.kernels.contains(kernel) }) else { return nil }
        self = family
    }

    /// Whether block sizes and warps are a choice, rather than a consequence of sizes.
    package var hasTilings: Bool { self == .ssd || self == .fused || self == .swiglu }

    /// Command-line options, beside the batch, its length and the type of values, that change the family's launches.
    func options(in layer: ModelLayer) -> Set<String> {
        switch (self, layer) {
        case (.ssd, _):
            [
                "--chunk-size", "--heads", "--head-dim", "--groups", "--state-dim", "--time-step-dtype", "--d", "--z",
                "--seq-idx", "--initial-states", "--no-dt-bias", "--packed", "--with-glue",
            ]
        case (.fused, _): Self.ssd.options(in: layer).subtracting(["--with-glue"])
        case (.scan, _): ["--dim", "--state-dim", "--groups"]
        case (.convolution, .mamba2(let block)) where block.dim == nil:
            ["--dim", "--width", "--channel-last", "--heads", "--head-dim", "--groups", "--state-dim"]
        case (.convolution, _): ["--dim", "--width", "--channel-last"]
        case (.norm, _): ["--heads", "--head-dim", "--groups"]
        case (.swiglu, .mamba2(let block)) where block.dim == nil: ["--dim", "--heads", "--head-dim"]
        case (.swiglu, _): ["--dim"]
        }
    }
}
