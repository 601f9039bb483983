import Trace

/// swiglu_fwd and swiglu_bwd: silu(x) y, or the gradients of x and y. A block takes one run of columns of one row and
/// has no loop.
///
/// Grid (rows, runs of columns).
package struct Swiglu: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SwigluShape
    private let block: Int
    private let loads: [(operand: Operand, view: TensorView)]
    private let stores: [(operand: Operand, view: TensorView)]
    private let costs: StageCosts

    /// - Parameters:
    ///   - tiling: the columns of a block as `block`, and its warps.
    ///   - book: the run's tensors.
    init(shape: SwigluShape, tiling: Tiling, kernel: KernelDescription, book: inout TensorBook) {
        let isBackward = kernel.pass == .backward
        self.shape = shape
        block = tiling.block
        /// The two halves of a tensor with twice the columns.
        func halves(_ name: String) -> (TensorView, TensorView) {
            let first = book.view(
                .swiglu(name), elements: shape.rows * 2 * shape.columns, type: shape.elementType,
                rowStride: 2 * shape.columns)
            var second = first
            second.offsetBytes = shape.columns * shape.elementType.byteCount
            return (first, second)
        }
        func rows(_ name: String) -> TensorView {
            book.view(
                .swiglu(name), elements: shape.rows * shape.columns, type: shape.elementType, rowStride: shape.columns)
        }
        let (x, y) = halves("xy")
        var loaded = [("X", x), ("Y", y)]
        var stored: [(String, TensorView)] = []
        if isBackward {
            loaded.append(("DOUT", rows("dout")))
            let (dx, dy) = halves("dxy")
            stored = [("DX", dx), ("DY", dy)]
        }
        if !isBackward || shape.recomputesOutput { stored.append(("OUT", rows(isBackward ? "out again" : "out"))) }

        var frame = RowFrame(
            kernel: kernel.name, tiling: tiling, limit: shape.columns,
            views: (loaded + stored).map { $0.1 })
        loads = loaded.map { (frame.vector(.load, $0.0, $0.1), $0.1) }
        stores = stored.map { (frame.vector(.store, $0.0, $0.1), $0.1) }
        costs = NormCost.swiglu(
            shape: shape, frame: frame, loads: loads.map { frame.accesses($0.operand) },
            stores: stores.map { frame.accesses($0.operand) }, isBackward: isBackward)
        launch = frame.launch(
            grid: Grid(x: shape.rows, y: shape.columns.dividedRoundingUp(by: tiling.block)),
            resources: NormResources.swiglu(
                shape: shape, tiling: tiling, elements: frame.elements,
                isAligned: (loads + stores).allSatisfy { frame.movesWholeVectors($0.operand) }, isBackward: isBackward))
    }

    @inline(__always)
    private func region(_ view: TensorView, ofBlock index: Int) -> TileRegion {
        let (row, run, _) = launch.grid.coordinates(of: index)
        let first = run * block
        return view.region(row: row, column: first, rows: 1, columns: min(block, shape.columns - first))
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        sink.compute(costs.prologue)
        for (operand, view) in loads { sink.access(operand, region(view, ofBlock: block)) }
        sink.awaitLoads()
        sink.compute(costs.epilogue)
        for (operand, view) in stores { sink.access(operand, region(view, ofBlock: block)) }
    }
}
