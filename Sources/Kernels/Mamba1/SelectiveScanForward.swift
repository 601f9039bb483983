import Trace

/// sel_scn_fwd: Mamba-1's selective scan. A block walks one channel of one sequence, chunk by chunk, and state by state
/// inside a chunk.
///
/// Grid (batch, channels); the batch varies fastest. B and C depend on the position, and every channel of a group reads
/// them again.
package struct SelectiveScanForward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: Mamba1Shape
    private let geometry: SelectiveScanGeometry
    private let arguments: SelectiveScanArguments
    private let rowLoad: (u: Operand, delta: Operand, b: Operand, c: Operand)
    private let outStore: Operand
    private let gate: (load: Operand, store: Operand)?
    private let stateStore: Operand
    private let z: Argument?
    private let gatedOut: Argument?
    private let costs: SelectiveScanCost

    package init(shape: Mamba1Shape, book: inout TensorBook) {
        self.shape = shape
        let geometry = SelectiveScanGeometry(shape: shape)
        self.geometry = geometry
        var list = ArgumentList(book: book, role: TensorRole.scan)
        let arguments = SelectiveScanArguments(shape: shape, geometry: geometry, list: &list)
        self.arguments = arguments
        let lane = geometry.laneBytes
        rowLoad = (
            arguments.u.run(.load, laneBytes: lane), arguments.delta.run(.load, laneBytes: lane),
            arguments.b.run(.load, laneBytes: lane), arguments.c.run(.load, laneBytes: lane)
        )
        outStore = arguments.out.run(.store, laneBytes: lane)
        // Thread 0 stores a state's running pair as one value of eight bytes.
        stateStore = arguments.states.operand(
            .store, RequestShape(rows: 1, lanesPerRow: 1, laneBytes: 8, laneStrideBytes: 8, replicas: 1))
        z = shape.hasGate ? arguments.row("z", shape, &list) : nil
        gatedOut = shape.hasGate ? arguments.row("out_z", shape, &list) : nil
        if let z, let gatedOut {
            gate = (z.run(.load, laneBytes: lane), gatedOut.run(.store, laneBytes: lane))
        } else {
            gate = nil
        }
        costs = .forward(shape, geometry)
        let resources = SelectiveScanResources.forward(shape, geometry)
        launch = KernelLaunch(
            kernel: Self.description.name, grid: Grid(x: shape.batch, y: shape.dim), threadsPerBlock: geometry.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: geometry.description, tensors: list.tensors)
        book = list.book
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (batch, channel, _) = launch.grid.coordinates(of: block)
        let group = channel / (shape.dim / shape.groups)
        sink.compute(costs.entry)
        arguments.loadParameters(channel: channel, to: &sink)
        for chunk in 0..<geometry.chunkCount {
            let first = geometry.first(ofChunk: chunk)
            let valid = geometry.valid(ofChunk: chunk)
            func row(_ view: TensorView) -> TileRegion {
                view.region(batch: batch, row: channel, column: first, rows: 1, columns: valid)
            }
            sink.barrier()
            sink.access(rowLoad.u, row(arguments.u.view))
            sink.awaitLoads()
            sink.barrier()
            sink.access(rowLoad.delta, row(arguments.delta.view))
            sink.awaitLoads()
            sink.compute(costs.lead)
            for state in 0..<shape.stateDim {
                sink.access(
                    arguments.decayLoad, arguments.decay.view.region(row: channel, column: state, rows: 1, columns: 1))
                func grouped(_ view: TensorView) -> TileRegion {
                    view.region(batch: batch, head: group, row: state, column: first, rows: 1, columns: valid)
                }
                sink.compute(costs.state[0])
                sink.access(rowLoad.b, grouped(arguments.b.view))
                sink.awaitLoads()
                sink.access(rowLoad.c, grouped(arguments.c.view))
                sink.compute(costs.state[1])
                sink.awaitLoads()
                sink.compute(costs.state[2])
                sink.barrier()
                sink.access(
                    stateStore, arguments.stateRegion(batch: batch, channel: channel, chunk: chunk, state: state))
            }
            sink.compute(costs.tail)
            sink.barrier()
            sink.access(outStore, row(arguments.out.view))
            if let gate, let z, let gatedOut {
                sink.barrier()
                sink.access(gate.load, row(z.view))
                sink.awaitLoads()
                sink.compute(costs.gate)
                sink.access(gate.store, row(gatedOut.view))
            }
        }
        sink.compute(costs.exit)
    }
}
