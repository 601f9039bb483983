import Trace

/// ln_gated_bwd: gradients of input and gate row by row, and those of weight and bias as sums over a group of rows.
///
/// Grid (row groups, groups of columns). There are about four warps an SM, and at least one block. A block runs a
/// serial loop over its rows with plain loads and stores. The weight stays in registers, and the partial sums are
/// stored after the loop. Row groups behind the last row store zeros.
package struct GatedNormBackward: WalkedKernel {
    package let launch: KernelLaunch
    private let allocation: GatedNormAllocation
    private let weight: Operand
    private let bias: Operand?
    private let x: Operand
    private let yGradient: Operand
    private let mean: Operand?
    private let reciprocalDeviation: Operand
    private let z: Operand?
    private let y: Operand?
    private let zGradient: Operand?
    private let xGradient: Operand
    private let weightGradient: Operand
    private let biasGradient: Operand?
    private let costs: StageCosts
    /// A trip's instructions before the stores of what does not depend on the sums, and those after them.
    private let early: ComputeWork
    private let late: ComputeWork
    private let hasBarrier: Bool

    package init(allocation: GatedNormAllocation) {
        let shape = allocation.shape
        self.allocation = allocation
        let biasView = shape.readsBiasBackward ? allocation.bias : nil
        let views = [
            allocation.weight, biasView, allocation.x, allocation.yGradient, allocation.z, allocation.recomputedY,
            allocation.zGradient, allocation.xGradient, allocation.weightGradient, allocation.biasGradient,
        ]
        var frame = RowFrame(
            kernel: Self.description.name, tiling: shape.tiling, limit: shape.groupSize, views: views.compactMap { $0 })
        weight = frame.vector(.load, "W", allocation.weight)
        bias = biasView.map { frame.vector(.load, "B", $0) }
        x = frame.vector(.load, "X", allocation.x)
        yGradient = frame.vector(.load, "DY", allocation.yGradient)
        mean = allocation.mean.map { frame.scalar(.load, "Mean", $0) }
        reciprocalDeviation = frame.scalar(.load, "Rstd", allocation.reciprocalDeviation)
        z = allocation.z.map { frame.vector(.load, "Z", $0) }
        y = allocation.recomputedY.map { frame.vector(.store, "Y", $0) }
        zGradient = allocation.zGradient.map { frame.vector(.store, "DZ", $0) }
        xGradient = frame.vector(.store, "DX", allocation.xGradient)
        weightGradient = frame.vector(.store, "DW", allocation.weightGradient)
        biasGradient = allocation.biasGradient.map { frame.vector(.store, "DB", $0) }

        let storedElements = frame.storedElementsPerThread(allocation.weightGradient)
        let changesLayout = storedElements != frame.elementsPerThread
        let vectors = [x, yGradient, z, y, zGradient, xGradient]
        costs = NormCost.backward(
            shape: shape, frame: frame, rowAccesses: vectors.map { $0.map { frame.accesses($0) } ?? 0 },
            parameterAccesses: [weight, bias].map { $0.map { frame.accesses($0) } ?? 0 },
            sumAccesses: frame.accesses(weightGradient), changesLayout: changesLayout)
        let storesEarly = y != nil || shape.gatesOutput
        early = costs.trip.part(from: 0, to: storesEarly ? 60 : 100)
        late = costs.trip.part(from: storesEarly ? 60 : 100, to: 100)
        hasBarrier = shape.warps > 1
        launch = frame.launch(
            grid: Grid(x: shape.rowGroups, y: shape.groups),
            resources: NormResources.backward(
                shape: shape, elements: frame.elements, isAligned: [x, xGradient].allSatisfy(frame.movesWholeVectors),
                exchangedElementsPerThread: changesLayout ? frame.elementsPerThread : 0))
    }

    /// Where one block works.
    private struct Place {
        var rowGroup: Int
        var group: Int
        var rows: Range<Int>
    }

    private func place(ofBlock block: Int) -> Place {
        let (rowGroup, group, _) = launch.grid.coordinates(of: block)
        let first = rowGroup * allocation.shape.rowsPerGroup
        let end = min(first + allocation.shape.rowsPerGroup, allocation.shape.rows)
        return Place(rowGroup: rowGroup, group: group, rows: first..<max(first, end))
    }

    @inline(__always)
    private func columns(_ view: TensorView, _ place: Place, row: Int = 0) -> TileRegion {
        view.region(head: place.group, row: row, rows: 1, columns: allocation.shape.groupSize)
    }

    @inline(__always)
    private func value(_ view: TensorView, _ place: Place, row: Int) -> TileRegion {
        view.region(head: place.group, row: row, rows: 1, columns: 1)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = place(ofBlock: block)
        let gatesInput = allocation.shape.gatesInput
        sink.compute(costs.prologue)
        sink.access(weight, columns(allocation.weight, place))
        if let bias, let view = allocation.bias { sink.access(bias, columns(view, place)) }
        for row in place.rows {
            sink.access(x, columns(allocation.x, place, row: row))
            sink.access(yGradient, columns(allocation.yGradient, place, row: row))
            if let mean, let view = allocation.mean { sink.access(mean, value(view, place, row: row)) }
            // In the source, a gate of the input comes before the deviation. In the compiled code it comes after it.
            let gatesFirst = gatesInput && !Sink.isCompiled
            if gatesFirst, let z, let view = allocation.z { sink.access(z, columns(view, place, row: row)) }
            sink.access(reciprocalDeviation, value(allocation.reciprocalDeviation, place, row: row))
            if !gatesFirst, let z, let view = allocation.z { sink.access(z, columns(view, place, row: row)) }
            sink.awaitLoads()
            sink.compute(early)
            if let y, let view = allocation.recomputedY { sink.access(y, columns(view, place, row: row)) }
            if !gatesInput, let zGradient, let view = allocation.zGradient {
                sink.access(zGradient, columns(view, place, row: row))
            }
            if hasBarrier { sink.barrier() }
            if late.instructions > 0 { sink.compute(late) }
            if gatesInput, let zGradient, let view = allocation.zGradient {
                sink.access(zGradient, columns(view, place, row: row))
            }
            sink.access(xGradient, columns(allocation.xGradient, place, row: row))
        }
        sink.awaitLoads()
        sink.compute(costs.epilogue)
        sink.access(weightGradient, columns(allocation.weightGradient, place, row: place.rowGroup))
        if let biasGradient, let view = allocation.biasGradient {
            sink.access(biasGradient, columns(view, place, row: place.rowGroup))
        }
    }
}
