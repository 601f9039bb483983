import Trace

/// ln_gated_fwd: normalises groups of columns and multiplies by the weight and the gate's silu.
///
/// Grid (rows, groups). A block takes one vector, the group's columns of one row, and has no loop. Every row loads the
/// weight again.
package struct GatedNormForward: WalkedKernel {
    package let launch: KernelLaunch
    private let allocation: GatedNormAllocation
    private let x: Operand
    private let z: Operand?
    private let weight: Operand
    private let bias: Operand?
    private let mean: Operand?
    private let reciprocalDeviation: Operand
    private let y: Operand
    private let costs: StageCosts
    private let hasBarrier: Bool

    package init(allocation: GatedNormAllocation) {
        let shape = allocation.shape
        self.allocation = allocation
        let views =
            [allocation.x, allocation.weight, allocation.y] + [allocation.z, allocation.bias].compactMap { $0 }
        var frame = RowFrame(kernel: Self.description.name, tiling: shape.tiling, limit: shape.groupSize, views: views)
        x = frame.vector(.load, "X", allocation.x)
        z = allocation.z.map { frame.vector(.load, "Z", $0) }
        weight = frame.vector(.load, "W", allocation.weight)
        bias = allocation.bias.map { frame.vector(.load, "B", $0) }
        mean = allocation.mean.map { frame.scalar(.store, "Mean", $0) }
        reciprocalDeviation = frame.scalar(.store, "Rstd", allocation.reciprocalDeviation)
        y = frame.vector(.store, "Y", allocation.y)
        costs = NormCost.forward(
            shape: shape, frame: frame, accesses: [x, z, weight, bias, y].map { $0.map { frame.accesses($0) } ?? 0 })
        hasBarrier = shape.warps > 1
        launch = frame.launch(
            grid: Grid(x: shape.rows, y: shape.groups),
            resources: NormResources.forward(
                shape: shape, elements: frame.elements, isAligned: [x, y].allSatisfy(frame.movesWholeVectors)))
    }

    /// Where one block works.
    private struct Place {
        var row: Int
        var group: Int
    }

    private func place(ofBlock block: Int) -> Place {
        let (row, group, _) = launch.grid.coordinates(of: block)
        return Place(row: row, group: group)
    }

    @inline(__always)
    private func columns(_ view: TensorView, _ place: Place) -> TileRegion {
        view.region(head: place.group, row: place.row, rows: 1, columns: allocation.shape.groupSize)
    }

    @inline(__always)
    private func value(_ view: TensorView, _ place: Place) -> TileRegion {
        view.region(head: place.group, row: place.row, rows: 1, columns: 1)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = place(ofBlock: block)
        let gatesInput = allocation.shape.gatesInput
        sink.compute(costs.prologue)
        sink.access(x, columns(allocation.x, place))
        if gatesInput, let z, let view = allocation.z { sink.access(z, columns(view, place)) }
        sink.awaitLoads()
        sink.compute(costs.trip)
        if hasBarrier { sink.barrier() }
        if let mean, let view = allocation.mean { sink.access(mean, value(view, place)) }
        sink.access(reciprocalDeviation, value(allocation.reciprocalDeviation, place))
        sink.access(weight, columns(allocation.weight, place))
        if let bias, let view = allocation.bias { sink.access(bias, columns(view, place)) }
        if !gatesInput, let z, let view = allocation.z { sink.access(z, columns(view, place)) }
        sink.awaitLoads()
        sink.compute(costs.epilogue)
        sink.access(y, columns(allocation.y, place))
    }
}
