import Trace

/// ch_scan_bwd_dz: the gradients of the gate z, of the output before the gate, and of D, element by element.
///
/// Grid (tiles of the chunk, batch and chunk, heads). The call launches it only where there is a gate.
package struct ChunkScanBackwardGate: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let tiles: TileGrid
    private let loads: [(operand: Operand, view: TensorView)]
    private let stores: [(operand: Operand, view: TensorView)]
    private let skipInput: (operand: Operand, view: TensorView)?
    private let skipGradient: (operand: Operand, view: TensorView)?
    private let skip: (operand: Operand, view: TensorView)?
    private let local: LocalMemory?
    private let costs: StageCosts

    package init(tiling: Tiling, allocation: SSDAllocation, gradients: SSDGradients) throws(KernelError) {
        guard let z = allocation.z, let dz = gradients.z, let ungated = allocation.ungatedOut else {
            throw .missingOption(kernel: Self.description.name, option: "a gate z")
        }
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByBatch: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        let width = max(16, shape.headDim.roundedUpToPowerOfTwo)
        tiles = TileGrid(
            shape: shape, rows: shape.chunkSize, rowTile: tiling.m, columns: 1, columnTile: 1, z: shape.heads)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        func tile(_ name: String, _ view: TensorView, _ use: KernelFrame.Use, frame: inout KernelFrame) -> (
            Operand, TensorView
        ) {
            (frame.tile(name, view, use, rows: tiling.m, columns: width, mask: frame.channelMask), view)
        }
        loads = [
            tile("dout", gradients.outerOutput, .load, frame: &frame), tile("out", ungated, .load, frame: &frame),
            tile("z", z, .load, frame: &frame),
        ]
        stores = [
            tile("dz", dz, .store, frame: &frame), tile("dout_x", gradients.output, .store, frame: &frame),
        ]
        if let view = gradients.skip, let parameter = allocation.skip {
            skipInput = tile("x", allocation.x, .load, frame: &frame)
            let layout = BlockedLayout.coalesced(
                rows: tiling.m, columns: width, alignment: frame.tileAlignment(of: allocation.x),
                elementBytes: shape.elementType.byteCount, warps: tiling.warps)
            func vector(_ name: String, _ view: TensorView, _ use: KernelFrame.Use, frame: inout KernelFrame) -> Operand
            {
                guard shape.skip == .perChannel else { return frame.scalar(name, view, use) }
                let bytes = view.elementType.byteCount
                return frame.vector(
                    name, view, use, length: width, mask: frame.channelMask,
                    short: layout.columnSliceRequests(elementBytes: bytes, vector: frame.channelMask))
            }
            skipGradient = (vector("dD", view, .store, frame: &frame), view)
            // Nothing uses its value, and the compiler drops the load.
            skip = (vector("D", parameter, .load, frame: &frame), parameter)
        } else {
            (skipInput, skipGradient, skip) = (nil, nil, nil)
        }
        local = frame.localMemory(grid: tiles.grid)
        launch = frame.launch(grid: tiles.grid)
    }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        let place = tiles.place(ofBlock: block)
        func rows(_ view: TensorView) -> TileRegion {
            view.region(
                place, head: place.z, row: place.row, rows: min(tiling.m, place.valid - place.row),
                columns: shape.headDim)
        }
        for load in loads { sink.access(load.operand, rows(load.view)) }
        // The compiler issues x with the other loads.
        if Sink.isCompiled, let x = skipInput { sink.access(x.operand, rows(x.view)) }
        sink.awaitLoads()
        sink.spill(local, block: block)
        sink.compute(costs.prologue)
        for store in stores { sink.access(store.operand, rows(store.view)) }
        if let x = skipInput, let gradient = skipGradient, let parameter = skip {
            if !Sink.isCompiled { sink.access(x.operand, rows(x.view)) }
            let width = shape.skip == .perChannel ? shape.headDim : 1
            sink.compute(costs.epilogue)
            sink.access(
                gradient.operand, gradient.view.region(place, head: place.z, row: place.row / tiling.m, columns: width))
            if !Sink.isCompiled {
                sink.access(parameter.operand, parameter.view.region(head: place.z, rows: 1, columns: width))
            }
        } else {
            sink.compute(costs.epilogue)
        }
        sink.reload(local, block: block)
    }
}

extension ChunkScanBackwardGate {
    /// Gradients of the gate and of the output before it.
    package static let description = SSDKernel(
        name: "ch_scan_bwd_dz", function: "_chunk_scan_bwd_dz_kernel",
        summary: "gradients of the gate and the output before it",
        pass: .backward, needsGate: true, pipes: .vector, fields: ["M"],
        candidates: [32, 64, 128, 256].map { Tiling.simple(m: $0) },
        tunedBy: [.chunk, .channels],
        tuned: { _ in .simple(m: 64) },
        code: SSDCode(
            mix: CostModel.gateBackward,
            registers: {
                25 + 1.9 * RegisterEstimate.elements($0, rows: $0.tiling.m, columns: RegisterEstimate.headDepth($0))
            },
            sharedMemory: { $0.shape.skip == .none ? 0 : 16 },
            compiled: { _ in CompiledTable.gateBackward },
            isCompiled: { $0.headDim.nextPowerOfTwo == 64 }),
        framework: SSDFramework(after: { Array($0.skipSums().prefix(1)) }),
        make: { call throws(KernelError) in
            try ChunkScanBackwardGate(tiling: call.tiling, allocation: call.allocation, gradients: try call.gradients())
        })
}
