import Trace

/// What both channel-last convolutions share. A tile has a number of positions and 128 bytes of channels. A block moves
/// 16 rows of 16-byte vectors at a time.
struct ChannelTile: Sendable {
    /// Positions of a tile.
    let chunk: Int
    /// Channels of a tile.
    let columns: Int
    let grid: Grid
    private let shape: Mamba1Shape
    private let parameterShape: RequestShape
    private let sumShape: RequestShape

    /// Rows that the block moves in one step.
    static let stepRows = 16

    init(shape: Mamba1Shape, chunk: Int) {
        self.shape = shape
        self.chunk = chunk
        let elementBytes = shape.elementType.byteCount
        columns = 128 / elementBytes
        grid = Grid(
            x: shape.batch, y: shape.sequenceLength.dividedRoundingUp(by: chunk),
            z: shape.dim.dividedRoundingUp(by: columns))
        // Each thread computes a run of positions of one channel, and each warp handles a quarter of the channels.
        let channels = columns / ConvolutionArguments.warps
        parameterShape = RequestShape(
            rows: 1, lanesPerRow: channels, laneBytes: elementBytes, laneStrideBytes: shape.width * elementBytes,
            replicas: 1)
        sumShape = RequestShape(
            rows: 1, lanesPerRow: channels, laneBytes: 4, laneStrideBytes: shape.width * 4, replicas: 1)
    }

    var steps: Int { chunk / Self.stepRows }

    /// Accesses to rows of an activation.
    func rows(_ argument: Argument, _ kind: AccessKind) -> Operand {
        argument.operand(kind, RequestShape(rows: 4, lanesPerRow: 8, laneBytes: 16, laneStrideBytes: 16, replicas: 1))
    }

    /// Where a block works.
    struct Place {
        var batch: Int
        var first: Int
        var channel: Int
        var channels: Int
    }

    @inline(__always)
    func place(ofBlock block: Int) -> Place {
        let (batch, position, tile) = grid.coordinates(of: block)
        let channel = tile * columns
        return Place(
            batch: batch, first: position * chunk, channel: channel, channels: min(columns, shape.dim - channel))
    }

    /// `count` rows from position `position` on, as far as they exist. The region is empty where the first row lies
    /// before the sequence.
    @inline(__always)
    func region(_ view: TensorView, _ place: Place, position: Int, count: Int) -> TileRegion {
        view.region(
            batch: place.batch, row: position, column: place.channel,
            rows: position < 0 ? 0 : min(count, shape.sequenceLength - position), columns: place.channels)
    }

    /// Loads the bias and the taps of the tile's channels, with one request for each warp and tap.
    @inline(__always)
    func loadParameters(_ arguments: ConvolutionArguments, _ place: Place, to sink: inout some OperationSink) {
        if let bias = arguments.bias { sink.access(vector(bias, .load), vectorRegion(bias, place)) }
        sink.access(arguments.weight.operand(.load, parameterShape), tapsRegion(arguments.weight, place))
    }

    /// Adds the gradients of the tile's taps and biases.
    @inline(__always)
    func sum(taps: Argument, bias: Argument?, _ place: Place, to sink: inout some OperationSink) {
        sink.access(taps.operand(.reduction, sumShape), tapsRegion(taps, place))
        if let bias { sink.access(vector(bias, .reduction), vectorRegion(bias, place)) }
    }

    /// Accesses to one value a channel.
    private func vector(_ argument: Argument, _ kind: AccessKind) -> Operand {
        let bytes = argument.view.elementType.byteCount
        return argument.operand(
            kind,
            RequestShape(
                rows: 1, lanesPerRow: parameterShape.lanesPerRow, laneBytes: bytes, laneStrideBytes: bytes, replicas: 1)
        )
    }

    private func vectorRegion(_ argument: Argument, _ place: Place) -> TileRegion {
        argument.view.region(column: place.channel, rows: 1, columns: place.channels)
    }

    private func tapsRegion(_ argument: Argument, _ place: Place) -> TileRegion {
        argument.view.region(row: place.channel, rows: 1, columns: place.channels * shape.width)
    }

    func launch(_ kernel: String, _ resources: CompiledResources, tensors: [Tensor]) -> KernelLaunch {
        KernelLaunch(
            kernel: kernel, grid: grid, threadsPerBlock: ConvolutionArguments.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: "positions=\(chunk) channels=\(columns)",
            tensors: tensors)
    }
}
