import Trace

/// conv1d_fwd where positions lie side by side (Mamba-1): a block walks one channel of one sequence, a vector a thread
/// and chunk.
///
/// Grid (batch, channels). Neighbours' elements change hands in shared memory, so each is loaded once. Sequences that
/// are no whole vectors move element by element.
package struct ConvolutionForward: WalkedKernel {
    package let launch: KernelLaunch
    private let walk: ChannelWalk
    private let arguments: ConvolutionArguments
    private let out: Argument
    private let load: Operand
    private let store: Operand
    private let costs: ConvolutionCost

    package init(shape: Mamba1Shape, book: inout TensorBook) {
        walk = ChannelWalk(shape: shape)
        var list = ArgumentList(book: book, role: TensorRole.convolution)
        arguments = ConvolutionArguments(shape: shape, list: &list)
        out = ConvolutionArguments.out(shape, &list)
        load = arguments.x.run(.load, laneBytes: walk.laneBytes)
        store = out.run(.store, laneBytes: walk.laneBytes)
        costs = .forward(shape, isVector: walk.isVector)
        launch = walk.launch(
            Self.description.name, ConvolutionResources.forward(shape, isVector: walk.isVector), tensors: list.tensors)
        book = list.book
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (batch, channel, _) = launch.grid.coordinates(of: block)
        sink.compute(costs.entry)
        walk.loadParameters(arguments, channel: channel, to: &sink)
        for chunk in 0..<walk.chunkCount {
            sink.access(load, walk.region(arguments.x.view, batch: batch, channel: channel, chunk: chunk))
            sink.awaitLoads()
            sink.barrier()
            sink.compute(costs.chunk)
            sink.access(store, walk.region(out.view, batch: batch, channel: channel, chunk: chunk))
        }
        sink.compute(costs.exit)
    }
}
