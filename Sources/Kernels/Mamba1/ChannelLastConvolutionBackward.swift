import Trace

/// conv1d_bwd where channels lie side by side (Mamba-2). A block takes 64 positions, or 128 in longer sequences, of 128
/// bytes of channels.
///
/// Grid (batch, tiles of positions, tiles of channels). The block also loads gradients of the positions behind its
/// tile, x before the tile and, with SiLU, x behind it; neighbouring blocks load these too. The gradients of taps and
/// biases are sums over batch and positions in global memory.
package struct ChannelLastConvolutionBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: Mamba1Shape
    private let tile: ChannelTile
    private let arguments: ConvolutionArguments
    private let dout: Argument
    private let dx: Argument
    private let dWeight: Argument
    private let dBias: Argument?
    private let loadX: Operand
    private let loadDout: Operand
    private let store: Operand
    private let costs: ConvolutionCost

    package init(shape: Mamba1Shape, book: inout TensorBook) {
        self.shape = shape
        tile = ChannelTile(shape: shape, chunk: shape.sequenceLength <= 128 ? 64 : 128)
        var list = ArgumentList(book: book, role: TensorRole.convolution)
        arguments = ConvolutionArguments(shape: shape, list: &list)
        dout = ConvolutionArguments.outGradient(shape, &list)
        dx = ConvolutionArguments.activations("dx", shape, &list)
        dWeight = list.add("dweight", .f32, elements: shape.dim * shape.width, rowStride: shape.width)
        dBias = shape.hasBias ? list.add("dbias", .f32, elements: shape.dim) : nil
        loadX = tile.rows(arguments.x, .load)
        loadDout = tile.rows(dout, .load)
        store = tile.rows(dx, .store)
        costs = .channelLastBackward(shape, chunk: tile.chunk)
        launch = tile.launch(
            ConvolutionBackward.description.name, ConvolutionResources.channelLastBackward(shape, chunk: tile.chunk),
            tensors: list.tensors)
        book = list.book
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tile.place(ofBlock: block)
        let halo = shape.width - 1
        let end = place.first + tile.chunk
        sink.compute(costs.entry)
        for step in 0..<tile.steps {
            let position = place.first + step * ChannelTile.stepRows
            sink.access(loadDout, tile.region(dout.view, place, position: position, count: ChannelTile.stepRows))
            sink.access(loadX, tile.region(arguments.x.view, place, position: position, count: ChannelTile.stepRows))
        }
        sink.access(loadDout, tile.region(dout.view, place, position: end, count: halo))
        sink.access(loadX, tile.region(arguments.x.view, place, position: place.first - halo, count: halo))
        if shape.hasSiLU { sink.access(loadX, tile.region(arguments.x.view, place, position: end, count: halo)) }
        tile.loadParameters(arguments, place, to: &sink)
        sink.awaitLoads()
        sink.barrier()
        sink.compute(costs.chunk)
        tile.sum(taps: dWeight, bias: dBias, place, to: &sink)
        sink.barrier()
        sink.compute(costs.exit)
        for step in 0..<tile.steps {
            let position = place.first + step * ChannelTile.stepRows
            sink.access(store, tile.region(dx.view, place, position: position, count: ChannelTile.stepRows))
        }
    }
}
