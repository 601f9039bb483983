import Trace

/// conv1d_bwd where positions lie side by side (Mamba-1). A block walks one channel's chunks from the last to the
/// first.
///
/// Grid (batch, channels). With SiLU, thread 0 also loads the vector before the chunk, because it computes the
/// convolution again. The gradients of the taps and the bias are sums over the batch in global memory.
package struct ConvolutionBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: Mamba1Shape
    private let walk: ChannelWalk
    private let arguments: ConvolutionArguments
    private let dout: Argument
    private let dx: Argument
    private let dWeight: Argument
    private let dBias: Argument?
    private let loadX: Operand
    private let loadDout: Operand
    private let loadBefore: Operand
    private let store: Operand
    private let costs: ConvolutionCost

    package init(shape: Mamba1Shape, book: inout TensorBook) {
        self.shape = shape
        walk = ChannelWalk(shape: shape)
        var list = ArgumentList(book: book, role: TensorRole.convolution)
        arguments = ConvolutionArguments(shape: shape, list: &list)
        dout = ConvolutionArguments.outGradient(shape, &list)
        dx = ConvolutionArguments.activations("dx", shape, &list)
        dWeight = list.add("dweight", .f32, elements: shape.dim * shape.width, rowStride: shape.width)
        dBias = shape.hasBias ? list.add("dbias", .f32, elements: shape.dim) : nil
        loadX = arguments.x.run(.load, laneBytes: walk.laneBytes)
        loadDout = dout.run(.load, laneBytes: walk.laneBytes)
        loadBefore = arguments.x.operand(
            .load,
            RequestShape(
                rows: 1, lanesPerRow: 1, laneBytes: walk.laneBytes, laneStrideBytes: walk.laneBytes, replicas: 1))
        store = dx.run(.store, laneBytes: walk.laneBytes)
        costs = .backward(shape, isVector: walk.isVector)
        launch = walk.launch(
            Self.description.name, ConvolutionResources.backward(shape, isVector: walk.isVector), tensors: list.tensors)
        book = list.book
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (batch, channel, _) = launch.grid.coordinates(of: block)
        sink.compute(costs.entry)
        walk.loadParameters(arguments, channel: channel, to: &sink)
        var chunk = walk.chunkCount - 1
        while chunk >= 0 {
            func row(_ view: TensorView) -> TileRegion {
                walk.region(view, batch: batch, channel: channel, chunk: chunk)
            }
            sink.access(loadX, row(arguments.x.view))
            sink.access(loadDout, row(dout.view))
            if shape.hasSiLU, chunk > 0 { sink.access(loadBefore, regionBefore(chunk, batch: batch, channel: channel)) }
            sink.awaitLoads()
            sink.barrier()
            sink.compute(costs.chunk)
            sink.access(store, row(dx.view))
            chunk -= 1
        }
        sink.compute(costs.exit)
        sink.barrier()
        sink.access(dWeight.scalars(.reduction), dWeight.view.region(row: channel, rows: 1, columns: shape.width))
        if let dBias { sink.access(dBias.scalars(.reduction), dBias.view.region(column: channel, rows: 1, columns: 1)) }
    }

    /// The last vector of the chunk before. Where elements move one by one, it has no more elements than the chunk
    /// itself.
    private func regionBefore(_ chunk: Int, batch: Int, channel: Int) -> TileRegion {
        let first = chunk * walk.chunkLength
        let elements = 16 / shape.elementType.byteCount
        return arguments.x.view.region(
            batch: batch, row: channel, column: first - elements, rows: 1,
            columns: walk.isVector ? elements : min(elements, shape.sequenceLength - first))
    }
}
