import Trace

/// sel_scn_bwd: gradients of Mamba-1's selective scan. A block walks one channel's chunks from the last to the first.
///
/// Grid (batch, channels), as in the forward scan. The gradients of B and C are sums over a group's channels, which are
/// added word by word in global memory. Where 128 threads leave too few registers a thread, the rows that all states
/// need lie in local memory.
package struct SelectiveScanBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: Mamba1Shape
    private let geometry: SelectiveScanGeometry
    private let arguments: SelectiveScanArguments
    private let loads: (u: Operand, delta: Operand, dout: Operand, b: Operand, c: Operand, states: Operand)
    private let dout: Argument
    private let du: (argument: Argument, operand: Operand)
    private let ddelta: (argument: Argument, operand: Operand)
    private let db: (argument: Argument, operand: Operand)
    private let dc: (argument: Argument, operand: Operand)
    private let dDecay: (argument: Argument, operand: Operand)
    private let dSkip: (argument: Argument, operand: Operand)?
    private let dBias: (argument: Argument, operand: Operand)?
    /// In order: load of z, load of out, store of dz, store of out_z.
    private let gate: [(argument: Argument, operand: Operand)]
    private let spill: SpillSlots?
    private let costs: SelectiveScanCost

    package init(shape: Mamba1Shape, book: inout TensorBook) {
        self.shape = shape
        let geometry = SelectiveScanGeometry(shape: shape)
        self.geometry = geometry
        var list = ArgumentList(book: book, role: TensorRole.scan)
        let arguments = SelectiveScanArguments(shape: shape, geometry: geometry, list: &list)
        self.arguments = arguments
        let lane = geometry.laneBytes
        let warps = geometry.warps
        func stored(_ name: String, role: TensorRole? = nil) -> (Argument, Operand) {
            let argument = arguments.row(name, shape, &list, role: role)
            return (argument, argument.run(.store, laneBytes: lane))
        }
        func summed(_ argument: Argument) -> (Argument, Operand) { (argument, argument.run(.reduction, laneBytes: 4)) }
        dout = arguments.row("dout", shape, &list)
        // The first lane of every warp loads a state's pair.
        let pair = RequestShape(rows: 1, lanesPerRow: 1, laneBytes: 8, laneStrideBytes: 8, replicas: warps)
        loads = (
            arguments.u.run(.load, laneBytes: lane), arguments.delta.run(.load, laneBytes: lane),
            dout.run(.load, laneBytes: lane), arguments.b.run(.load, laneBytes: lane),
            arguments.c.run(.load, laneBytes: lane), arguments.states.operand(.load, pair)
        )
        du = stored("du")
        ddelta = stored("ddelta")
        db = summed(SelectiveScanArguments.grouped("dB", .f32, shape, &list))
        dc = summed(SelectiveScanArguments.grouped("dC", .f32, shape, &list))
        dDecay = summed(list.add("dA", .f32, elements: shape.dim * shape.stateDim, rowStride: shape.stateDim))
        dSkip = shape.hasSkip ? summed(list.add("dD", .f32, elements: shape.dim)) : nil
        dBias = shape.hasTimeStepBias ? summed(list.add("ddelta_bias", .f32, elements: shape.dim)) : nil
        if shape.hasGate {
            let z = arguments.row("z", shape, &list)
            gate =
                [(z, z.run(.load, laneBytes: lane)), (arguments.out, arguments.out.run(.load, laneBytes: lane))]
                + [stored("dz")] + (shape.recomputesOutput ? [stored("out_z", role: .scan("out_z again"))] : [])
        } else {
            gate = []
        }
        costs = .backward(shape, geometry)
        let resources = SelectiveScanResources.backward(shape, geometry)
        spill = SelectiveScanResources.backwardSpills(shape, geometry).map {
            SpillSlots(
                spills: $0, warps: warps, residentBlocks: 3 * shape.multiprocessorCount, arguments: &list)
        }
        launch = KernelLaunch(
            kernel: Self.description.name, grid: Grid(x: shape.batch, y: shape.dim), threadsPerBlock: geometry.threads,
            registersPerThread: resources.registersPerThread, sharedMemoryBytesPerBlock: resources.sharedMemoryBytes,
            resourcesAreEstimated: resources.isEstimated, tiling: geometry.description, tensors: list.tensors)
        book = list.book
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let (batch, channel, _) = launch.grid.coordinates(of: block)
        sink.compute(costs.entry)
        arguments.loadParameters(channel: channel, to: &sink)
        if let spill { spill.store(spill.spills.entryStores, block: block, to: &sink) }
        var chunk = geometry.chunkCount - 1
        while chunk >= 0 {
            writeChunk(chunk, block: block, batch: batch, channel: channel, to: &sink)
            chunk -= 1
        }
        if let spill {
            spill.load(spill.spills.exitLoads, block: block, to: &sink)
            spill.store(spill.spills.exitStores, block: block, to: &sink)
        }
        sink.compute(costs.exit)
        if let dSkip { sink.access(dSkip.operand, dSkip.argument.view.region(column: channel, rows: 1, columns: 1)) }
        if let dBias { sink.access(dBias.operand, dBias.argument.view.region(column: channel, rows: 1, columns: 1)) }
        sink.access(dDecay.operand, dDecay.argument.view.region(row: channel, rows: 1, columns: shape.stateDim))
    }

    @inline(__always)
    private func writeChunk(_ chunk: Int, block: Int, batch: Int, channel: Int, to sink: inout some OperationSink) {
        let first = geometry.first(ofChunk: chunk)
        let valid = geometry.valid(ofChunk: chunk)
        func row(_ view: TensorView) -> TileRegion {
            view.region(batch: batch, row: channel, column: first, rows: 1, columns: valid)
        }
        sink.barrier()
        sink.access(loads.u, row(arguments.u.view))
        sink.awaitLoads()
        sink.barrier()
        sink.access(loads.delta, row(arguments.delta.view))
        sink.awaitLoads()
        sink.barrier()
        sink.access(loads.dout, row(dout.view))
        sink.awaitLoads()
        sink.compute(costs.lead)
        for (index, (argument, operand)) in gate.enumerated() {
            sink.barrier()
            if index == 2 { sink.compute(costs.gate) }
            sink.access(operand, row(argument.view))
            if operand.kind == .load { sink.awaitLoads() }
        }
        if let spill {
            spill.load(spill.spills.leadLoads, block: block, to: &sink)
            spill.store(spill.spills.leadStores, from: spill.spills.entryStores, block: block, to: &sink)
        }
        sink.barrier()
        for state in 0..<shape.stateDim {
            writeState(state, chunk: chunk, valid: valid, block: block, batch: batch, channel: channel, to: &sink)
        }
        sink.barrier()
        if let spill { spill.load(spill.spills.tailLoads, block: block, to: &sink) }
        if shape.hasSoftplus { sink.access(loads.delta, row(arguments.delta.view)) }
        sink.awaitLoads()
        sink.compute(costs.tail)
        sink.access(du.operand, row(du.argument.view))
        sink.barrier()
        sink.access(ddelta.operand, row(ddelta.argument.view))
        if let spill { spill.store(spill.spills.tailStores, block: block, to: &sink) }
    }

    @inline(__always)
    private func writeState(
        _ state: Int, chunk: Int, valid: Int, block: Int, batch: Int, channel: Int, to sink: inout some OperationSink
    ) {
        let group = channel / (shape.dim / shape.groups)
        func grouped(_ view: TensorView) -> TileRegion {
            view.region(
                batch: batch, head: group, row: state, column: geometry.first(ofChunk: chunk), rows: 1, columns: valid)
        }
        sink.access(arguments.decayLoad, arguments.decay.view.region(row: channel, column: state, rows: 1, columns: 1))
        sink.compute(costs.state[0])
        sink.access(loads.b, grouped(arguments.b.view))
        sink.awaitLoads()
        sink.access(loads.c, grouped(arguments.c.view))
        sink.compute(costs.state[1])
        if chunk > 0 {
            sink.access(
                loads.states, arguments.stateRegion(batch: batch, channel: channel, chunk: chunk - 1, state: state))
        }
        if let spill { spill.load(spill.spills.stateLoads, block: block, to: &sink) }
        sink.awaitLoads()
        sink.compute(costs.state[2])
        sink.barrier()
        if let spill { spill.store(spill.spills.stateStores, block: block, to: &sink) }
        sink.access(db.operand, grouped(db.argument.view))
        sink.access(dc.operand, grouped(dc.argument.view))
    }
}
