import Trace

/// What both channel-first convolutions share: how a block of 128 threads walks a channel's positions.
struct ChannelWalk: Sendable {
    let isVector: Bool
    let chunkLength: Int
    let chunkCount: Int
    /// Bytes that a lane moves in one request.
    let laneBytes: Int
    private let shape: Mamba1Shape

    init(shape: Mamba1Shape) {
        self.shape = shape
        let elementBytes = shape.elementType.byteCount
        isVector = shape.sequenceLength * elementBytes % 16 == 0
        laneBytes = isVector ? 16 : elementBytes
        chunkLength = ConvolutionArguments.threads * 16 / elementBytes
        chunkCount = shape.sequenceLength.dividedRoundingUp(by: chunkLength)
    }

    /// Valid elements of one chunk of one channel.
    @inline(__always)
    func region(_ view: TensorView, batch: Int, channel: Int, chunk: Int) -> TileRegion {
        let first = chunk * chunkLength
        return view.region(
            batch: batch, row: channel, column: first, rows: 1, columns: min(chunkLength, shape.sequenceLength - first))
    }

    /// Loads the channel's bias and taps. Every thread loads them one by one.
    @inline(__always)
    func loadParameters(_ arguments: ConvolutionArguments, channel: Int, to sink: inout some OperationSink) {
        let warps = ConvolutionArguments.warps
        if let bias = arguments.bias {
            sink.access(bias.scalars(.load, warps: warps), bias.view.region(column: channel, rows: 1, columns: 1))
        }
        sink.access(
            arguments.weight.scalars(.load, warps: warps),
            arguments.weight.view.region(row: channel, rows: 1, columns: shape.width))
    }

    func launch(_ kernel: String, _ resources: CompiledResources, tensors: [Tensor]) -> KernelLaunch {
        KernelLaunch(
            kernel: kernel, grid: Grid(x: shape.batch, y: shape.dim), threadsPerBlock: ConvolutionArguments.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: isVector ? "vectors" : "elements", tensors: tensors)
    }
}
