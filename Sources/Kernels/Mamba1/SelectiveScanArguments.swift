import Trace

/// The arguments that both selective scans take.
struct SelectiveScanArguments: Sendable {
    let u: Argument
    let delta: Argument
    let decay: Argument
    let b: Argument
    let c: Argument
    let out: Argument
    /// A pair of fp32 values for each state, by channel and chunk: the product of the decays, and the state after the
    /// chunk.
    let states: Argument
    /// Loads one value with the first lane of every warp. The values are a state's decay, D, and the bias.
    let decayLoad: Operand
    private let channelLoads: [(argument: Argument, operand: Operand)]
    private let stateDim: Int
    private let statePitch: Int

    init(shape: Mamba1Shape, geometry: SelectiveScanGeometry, list: inout ArgumentList) {
        stateDim = shape.stateDim
        statePitch = geometry.chunkCount * shape.stateDim
        u = Self.row("u", shape, &list)
        delta = Self.row("delta", shape, &list)
        decay = list.add("A", .f32, elements: shape.dim * shape.stateDim, rowStride: shape.stateDim)
        b = Self.grouped("B", shape.elementType, shape, &list)
        c = Self.grouped("C", shape.elementType, shape, &list)
        let skip = shape.hasSkip ? list.add("D", .f32, elements: shape.dim) : nil
        let timeStepBias = shape.hasTimeStepBias ? list.add("delta_bias", .f32, elements: shape.dim) : nil
        out = Self.row("out", shape, &list)
        let perBatch = shape.dim * statePitch
        states = list.add(
            "x", .f32, elements: 2 * shape.batch * perBatch, batchStride: 2 * perBatch, rowStride: 2 * statePitch)
        decayLoad = decay.scalars(.load, warps: geometry.warps)
        channelLoads = [skip, timeStepBias].compactMap { argument in
            argument.map { ($0, $0.scalars(.load, warps: geometry.warps)) }
        }
    }

    /// Loads the arguments that have one value a channel.
    @inline(__always)
    func loadParameters(channel: Int, to sink: inout some OperationSink) {
        for (argument, operand) in channelLoads {
            sink.access(operand, argument.view.region(column: channel, rows: 1, columns: 1))
        }
    }

    /// A (batch, channels, positions) tensor.
    private static func row(
        _ name: String, _ shape: Mamba1Shape, _ list: inout ArgumentList, role: TensorRole? = nil
    ) -> Argument {
        let perBatch = shape.dim * shape.sequenceLength
        return list.add(
            name, shape.elementType, elements: shape.batch * perBatch, batchStride: perBatch,
            rowStride: shape.sequenceLength,
            role: role)
    }

    func row(_ name: String, _ shape: Mamba1Shape, _ list: inout ArgumentList, role: TensorRole? = nil) -> Argument {
        Self.row(name, shape, &list, role: role)
    }

    /// A (batch, groups, states, positions) tensor.
    static func grouped(
        _ name: String, _ type: ElementType, _ shape: Mamba1Shape, _ list: inout ArgumentList
    ) -> Argument {
        let perGroup = shape.stateDim * shape.sequenceLength
        return list.add(
            name, type, elements: shape.batch * shape.groups * perGroup, batchStride: shape.groups * perGroup,
            headStride: perGroup, rowStride: shape.sequenceLength)
    }

    /// The pair of one state after one chunk.
    @inline(__always)
    func stateRegion(batch: Int, channel: Int, chunk: Int, state: Int) -> TileRegion {
        states.view.region(
            batch: batch, row: channel, column: 2 * (chunk * stateDim + state), rows: 1, columns: 2)
    }
}
