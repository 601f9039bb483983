import Kernels

/// One layer of a model in a call: what the sizes of each of its kernels follow from.
package enum ModelLayer: Equatable, Sendable {
    case mamba1(Mamba1Shape)
    case mamba2(Mamba2Block)

    /// Kernels that the layer launches.
    package var families: [KernelFamily] {
        switch self {
        case .mamba1: [.convolution, .scan]
        case .mamba2: [.convolution, .ssd, .fused, .norm, .swiglu]
        }
    }

    /// The names of all models.
    package static let models = ModelPreset.all.map(\.name) + Mamba1Preset.all.map(\.name)

    /// Whether a name is a Mamba-1 model's; capitals do not matter.
    /// - Throws: `KernelError.unknownModel` with the names of both families.
    package static func isMamba1(_ model: String) throws(KernelError) -> Bool {
        guard models.contains(model.lowercased()) else { throw .unknownModel(name: model, known: models) }
        return Mamba1Preset.all.contains { $0.name == model.lowercased() }
    }

    package static let defaultMamba1 = "mamba-2.8b"
    package static let defaultMamba2 = "mamba2-8b"

    /// The model where none is named: a Mamba-1 model where only its kernels are, else a Mamba-2 model.
    package static func defaultModel(kernels: [String]) -> String {
        let isMamba1 = kernels.allSatisfy { $0 == Workload.mamba1Step || Mamba1Kernels.kernels.contains($0) }
        return isMamba1 ? defaultMamba1 : defaultMamba2
    }
}

/// A Mamba-2 block: the SSD call, and what follows from its sizes for the kernels around it.
package struct Mamba2Block: Equatable, Sendable {
    package var ssd: SSDShape
    /// Channels of the convolution and columns of SwiGLU, instead of the block's.
    package var dim: Int?
    /// Taps of the convolution.
    package var width = 4

    package init(ssd: SSDShape) {
        self.ssd = ssd
    }

    private var innerWidth: Int { ssd.heads * ssd.headDim }
    private var rows: Int { ssd.batch * ssd.sequenceLength }

    /// The convolution of x, B and C together, channels side by side.
    package var convolution: Mamba1Shape {
        var shape = Mamba1Shape(
            batch: ssd.batch, dim: dim ?? innerWidth + 2 * ssd.groups * ssd.stateDim, sequenceLength: ssd.sequenceLength)
        shape.isChannelLast = true
        shape.width = width
        shape.elementType = ssd.elementType
        shape.multiprocessorCount = ssd.multiprocessorCount
        return shape
    }

    /// The convolution, where its kernels take the rows that it reads. In the packed layout these are rows of the block's projection,
    /// and causal_conv1d refuses strides that are no multiples of 8 elements where channels lie side by side.
    /// - Throws: `KernelError.badShape`.
    func launchedConvolution() throws(KernelError) -> Mamba1Shape {
        let sharesProjection = ssd.timeStepType.byteCount == ssd.elementType.byteCount
        let elements = 2 * innerWidth + 2 * ssd.groups * ssd.stateDim + (sharesProjection ? ssd.heads : 0)
        guard !ssd.packedLayout || elements % 8 == 0 else {
            throw .badShape(
                field: "heads", value: ssd.heads,
                cure: "with --packed the convolution reads rows of \(elements) elements, and causal_conv1d takes multiples of 8; "
                    + "give heads that are a multiple of 8, or leave --packed out")
        }
        return convolution
    }

    /// The norm of the SSD's output, in as many groups as B and C have; the gate multiplies its input.
    package var norm: GatedNormShape {
        var shape = GatedNormShape(rows: rows, columns: innerWidth, groupSize: innerWidth / ssd.groups)
        shape.elementType = ssd.elementType
        shape.parameterType = ssd.elementType
        shape.multiprocessorCount = ssd.multiprocessorCount
        return shape
    }

    /// A gated MLP's activation as wide as the block.
    package var swiglu: SwigluShape {
        var shape = SwigluShape(rows: rows, columns: dim ?? innerWidth)
        shape.elementType = ssd.elementType
        return shape
    }
}
