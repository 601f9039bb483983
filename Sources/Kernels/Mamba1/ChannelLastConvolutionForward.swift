import Trace

/// conv1d_fwd where channels lie side by side (Mamba-2). A block takes 64 positions of 128 bytes of channels.
///
/// Grid (batch, tiles of positions, tiles of channels). The block also loads the last positions of the tile before its
/// own.
package struct ChannelLastConvolutionForward: WalkedKernel {
    package let launch: KernelLaunch
    private let width: Int
    private let tile: ChannelTile
    private let arguments: ConvolutionArguments
    private let out: Argument
    private let load: Operand
    private let store: Operand
    private let costs: ConvolutionCost

    package init(shape: Mamba1Shape, book: inout TensorBook) {
        width = shape.width
        tile = ChannelTile(shape: shape, chunk: 64)
        var list = ArgumentList(book: book, role: TensorRole.convolution)
        arguments = ConvolutionArguments(shape: shape, list: &list)
        out = ConvolutionArguments.out(shape, &list)
        load = tile.rows(arguments.x, .load)
        store = tile.rows(out, .store)
        costs = .channelLastForward(shape, chunk: tile.chunk)
        launch = tile.launch(
            ConvolutionForward.description.name, ConvolutionResources.channelLastForward(shape, chunk: tile.chunk),
            tensors: list.tensors)
        book = list.book
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tile.place(ofBlock: block)
        sink.compute(costs.entry)
        for step in 0..<tile.steps {
            let position = place.first + step * ChannelTile.stepRows
            sink.access(load, tile.region(arguments.x.view, place, position: position, count: ChannelTile.stepRows))
        }
        sink.access(load, tile.region(arguments.x.view, place, position: place.first - (width - 1), count: width - 1))
        tile.loadParameters(arguments, place, to: &sink)
        sink.awaitLoads()
        sink.barrier()
        sink.compute(costs.chunk)
        sink.barrier()
        for step in 0..<tile.steps {
            let position = place.first + step * ChannelTile.stepRows
            sink.access(store, tile.region(out.view, place, position: position, count: ChannelTile.stepRows))
        }
        sink.compute(costs.exit)
    }
}
