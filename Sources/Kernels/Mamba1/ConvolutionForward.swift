import Trace

/// conv1d_fwd where positions lie side by side (Mamba-1). A block walks one channel of one sequence; a thread takes one
/// vector of each chunk.
///
/// Grid (batch, channels). Threads exchange their neighbours' elements in shared memory, so each element is loaded
/// once. Where a sequence is not a whole number of vectors, elements move one by one.
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
