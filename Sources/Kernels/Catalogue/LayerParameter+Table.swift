extension LayerParameter {
    package static let model = LayerParameter(
        "model",
        "The model that gives the sizes: mamba2-130m, -370m, -780m, -1.3b, -2.7b or -8b, or Mamba-1's mamba-130m, -370m, -790m, "
            + "-1.4b or -2.8b. (default: mamba2-8b; mamba-2.8b where all kernels are Mamba-1's)",
        isOfEveryKernel: true, .choice(names: ModelLayer.models, read: { $0.model }, write: { $1.model = $0 }))
    package static let batch = LayerParameter(
        "batch", unit: "sequences", "Sequences in the batch.", isOfEveryKernel: true, .size(\.batch))
    package static let sequenceLength = LayerParameter(
        "sequence-length", unit: "positions", "Positions of a sequence.", isOfEveryKernel: true, .size(\.sequenceLength)
    )
    package static let chunkSize = LayerParameter(
        "chunk-size", unit: "positions", "Positions of a chunk, instead of the model's.", .givenSize(\.chunkSize))
    package static let heads = LayerParameter(
        "heads", unit: "heads", "Heads, instead of the model's.", .givenSize(\.heads))
    package static let headDim = LayerParameter(
        "head-dim", unit: "channels", "Channels of a head, instead of the model's.", .givenSize(\.headDim))
    package static let groups = LayerParameter(
        "groups", unit: "groups", "Groups of B and C, instead of the model's.", .givenSize(\.groups))
    package static let stateDim = LayerParameter(
        "state-dim", unit: "states", "State dimension, instead of the model's.", .givenSize(\.stateDim))
    package static let dim = LayerParameter(
        "dim", unit: "channels",
        "Channels of Mamba-1's kernels and the convolution, columns of SwiGLU, instead of the model's.",
        .givenSize(\.dim))
    package static let width = LayerParameter(
        "width", unit: "taps", "Taps of the convolution, 2 to 4. (default: 4)", .givenSize(\.width))
    package static let channelLast = LayerParameter(
        "channel-last", "Channels of the convolution lie side by side, as Mamba-2's always do.", .flag(\.channelLast))
    package static let dtype = LayerParameter(
        "dtype", "Type of x, B, C, z and out: bf16, f16 or f32.", isOfEveryKernel: true,
        .choice(
            names: ElementType.values.map(\.rawValue), read: { $0.dtype.rawValue },
            write: { $1.dtype = ElementType(rawValue: $0) ?? $1.dtype }))
    package static let timeStepDtype = LayerParameter(
        "time-step-dtype", "Type of the raw time step; as --dtype unless given.",
        .choice(
            names: ElementType.values.map(\.rawValue), read: { $0.timeStepDtype?.rawValue },
            write: { $1.timeStepDtype = ElementType(rawValue: $0) }))
    package static let d = LayerParameter(
        "d", "The skip parameter D: none, perHead or perChannel. (default: perHead)",
        .choice(
            names: SkipParameter.allCases.map(\.rawValue), read: { $0.d?.rawValue },
            write: { $1.d = SkipParameter(rawValue: $0) }))
    package static let gate = LayerParameter(
        "z", "SSD with the gate z; Mamba-1's scan and the norm always have one.", .flag(\.gate))
    package static let sequenceIndex = LayerParameter("seq-idx", "With sequence indices.", .flag(\.sequenceIndex))
    package static let initialStates = LayerParameter("initial-states", "With initial states.", .flag(\.initialStates))
    package static let noTimeStepBias = LayerParameter(
        "no-dt-bias", "Without a time-step bias.", .flag(\.noTimeStepBias))
    package static let packed = LayerParameter(
        "packed", "x, B, C are slices of one tensor, as in the fused block.", .flag(\.packed))
    package static let withGlue = LayerParameter(
        "with-glue",
        "With the framework's own launches around the backward kernels: fills, sums, cumulative sums, flips and adds.",
        .flag(\.withGlue))

    /// Every parameter. A new one needs a property of `LayerParameters`, a declaration above, a place here, and the
    /// option.
    package static let all: [LayerParameter] = [
        model, batch, sequenceLength, chunkSize, heads, headDim, groups, stateDim, dim, width, channelLast, dtype,
        timeStepDtype,
        d, gate, sequenceIndex, initialStates, noTimeStepBias, packed, withGlue,
    ]

    /// The parameters whose values a sweep can vary.
    package static let varied = all.filter { $0.isSize } + [model, dtype]
}
