/// One layer of a model in a call. The sizes of each of its kernels follow from it.
package enum ModelLayer: Equatable, Sendable {
    case mamba1(Mamba1Shape)
    case mamba2(Mamba2Block)

    /// The family of models that the layer belongs to.
    package var kind: ModelKind {
        switch self {
        case .mamba1: .mamba1
        case .mamba2: .mamba2
        }
    }

    /// The Mamba-2 block; nil for a layer of another model.
    package var block: Mamba2Block? {
        if case .mamba2(let block) = self { block } else { nil }
    }

    /// The names of all models.
    package static let models = ModelKind.mamba2.models + ModelKind.mamba1.models

    /// The layer that parameters describe. Given sizes replace the model's own.
    /// - Parameters:
    ///   - model: the model to take where the parameters name none.
    ///   - multiprocessors: SMs that the launcher sees.
    /// - Throws: `KernelError.unknownModel`. Sizes are checked when launches are made.
    package init(_ parameters: LayerParameters, model: String, multiprocessors: Int) throws(KernelError) {
        let name = parameters.model ?? model
        switch try ModelKind(model: name) {
        case .mamba1:
            var shape = try Mamba1Preset.named(name).shape(
                batch: parameters.batch, sequenceLength: parameters.sequenceLength)
            shape.dim = parameters.dim ?? shape.dim
            shape.stateDim = parameters.stateDim ?? shape.stateDim
            shape.groups = parameters.groups ?? shape.groups
            shape.width = parameters.width ?? shape.width
            shape.isChannelLast = parameters.channelLast
            shape.elementType = parameters.dtype
            shape.multiprocessorCount = multiprocessors
            self = .mamba1(shape)
        case .mamba2:
            var block = Mamba2Block(ssd: try SSDShape(parameters, model: name, multiprocessors: multiprocessors))
            block.dim = parameters.dim
            block.width = parameters.width ?? block.width
            self = .mamba2(block)
        }
    }
}

extension SSDShape {
    /// The SSD call that parameters describe.
    /// - Throws: `KernelError.unknownModel` for models other than Mamba-2.
    package init(_ parameters: LayerParameters, model: String, multiprocessors: Int) throws(KernelError) {
        let preset = try ModelPreset.named(parameters.model ?? model)
        self.init(
            batch: parameters.batch, sequenceLength: parameters.sequenceLength, heads: parameters.heads ?? preset.heads,
            headDim: parameters.headDim ?? preset.headDim, groups: parameters.groups ?? preset.groups,
            stateDim: parameters.stateDim ?? preset.stateDim, chunkSize: parameters.chunkSize ?? preset.chunkSize)
        elementType = parameters.dtype
        timeStepType = parameters.timeStepDtype ?? parameters.dtype
        skip = parameters.d ?? .perHead
        hasTimeStepBias = !parameters.noTimeStepBias
        hasGate = parameters.gate
        hasSequenceIndex = parameters.sequenceIndex
        hasInitialStates = parameters.initialStates
        packedLayout = parameters.packed
        multiprocessorCount = multiprocessors
    }
}

/// A Mamba-2 block: the SSD call, and the sizes of the kernels around it, which follow from the call's.
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

    /// The convolution of x, B and C together. Channels lie side by side.
    package var convolution: Mamba1Shape {
        var shape = Mamba1Shape(
            batch: ssd.batch, dim: dim ?? innerWidth + 2 * ssd.groups * ssd.stateDim, sequenceLength: ssd.sequenceLength
        )
        shape.isChannelLast = true
        shape.width = width
        shape.elementType = ssd.elementType
        shape.multiprocessorCount = ssd.multiprocessorCount
        return shape
    }

    /// The convolution, after a check that its kernels take the rows that it reads. In the packed layout these are rows
    /// of the block's projection. Where channels lie side by side, causal_conv1d refuses strides that are not multiples
    /// of 8 elements.
    /// - Throws: `KernelError.badShape`.
    func launchedConvolution() throws(KernelError) -> Mamba1Shape {
        let sharesProjection = ssd.timeStepType.byteCount == ssd.elementType.byteCount
        let elements = 2 * innerWidth + 2 * ssd.groups * ssd.stateDim + (sharesProjection ? ssd.heads : 0)
        guard !ssd.packedLayout || elements % 8 == 0 else {
            throw .badShape(
                field: "heads", value: ssd.heads,
                cure:
                    "with --packed the convolution reads rows of \(elements) elements, and causal_conv1d takes multiples of 8; "
                    + "give heads that are a multiple of 8, or leave --packed out")
        }
        return convolution
    }

    /// The norm of the SSD's output. It has as many groups as B and C, and the gate multiplies its input.
    package var norm: GatedNormShape {
        var shape = GatedNormShape(rows: rows, columns: innerWidth, groupSize: innerWidth / ssd.groups)
        shape.elementType = ssd.elementType
        shape.parameterType = ssd.elementType
        shape.multiprocessorCount = ssd.multiprocessorCount
        return shape
    }

    /// The activation of a gated MLP that is as wide as the block.
    package var swiglu: SwigluShape {
        var shape = SwigluShape(rows: rows, columns: dim ?? innerWidth)
        shape.elementType = ssd.elementType
        return shape
    }
}
