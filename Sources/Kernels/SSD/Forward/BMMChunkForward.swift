import Trace

/// bmm_ch_fwd: the products C Bᵀ of a chunk's positions with each other. Each chunk and group has one square of
/// products.
///
/// Grid (tiles of the square, batch, chunks and groups). The combined forward computes the whole square. The causal
/// form returns at once from tiles above the diagonal.
package struct BMMChunkForward: WalkedKernel {
    package let launch: KernelLaunch
    private let shape: SSDShape
    private let tiling: Tiling
    private let isCausal: Bool
    private let allocation: SSDAllocation
    private let columnTiles: Int
    private let c: Operand
    private let b: Operand
    private let products: Operand
    private let rowSequence: Operand?
    private let columnSequence: Operand?
    private let pipeline: SoftwarePipeline
    private let costs: StageCosts

    /// - Parameter isCausal: whether tiles above the diagonal are left out.
    package init(tiling: Tiling, allocation: SSDAllocation, isCausal: Bool = false) {
        var frame = KernelFrame(Self.description, tiling: tiling, allocation: allocation, dividesByGroups: true)
        let shape = frame.shape
        self.shape = shape
        self.tiling = tiling
        self.isCausal = isCausal
        self.allocation = allocation
        columnTiles = shape.chunkSize.dividedRoundingUp(by: tiling.n)
        costs = Self.description.costs(tiling: tiling, allocation: allocation)
        let elementBytes = shape.elementType.byteCount
        let stateMask = ArgumentAlignment.maskElements(limits: [shape.stateDim])

        func factor(_ name: String, _ view: TensorView, rows: Int) -> Operand {
            let alignment = frame.positionAlignment(of: view)
            let layout = BlockedLayout.coalesced(
                rows: rows, columns: tiling.k, alignment: alignment, elementBytes: elementBytes, warps: tiling.warps)
            return .pipelined(
                tensor: frame.add(name, view), elementBytes: elementBytes,
                requests: layout.requests(elementBytes: elementBytes, vector: min(alignment, stateMask)),
                pitchBytes: view.rowStride * elementBytes, stages: tiling.stages)
        }
        c = factor("a", allocation.c, rows: tiling.m)
        b = factor("b", allocation.b, rows: tiling.n)
        let alignment = frame.tileAlignment(of: allocation.products)
        products = .store(
            tensor: frame.add("out", allocation.products), elementBytes: 4,
            requests: BlockedLayout.coalesced(
                rows: tiling.m, columns: tiling.n, alignment: alignment, elementBytes: 4, warps: tiling.warps
            ).requests(
                elementBytes: 4, vector: min(alignment, ArgumentAlignment.maskElements(limits: [shape.chunkSize]))),
            pitchBytes: allocation.products.rowStride * 4)
        if let view = allocation.sequenceIndex {
            let tensor = frame.add("seq_idx", view)
            let alignment = frame.chunkAlignment(of: view)
            let mask = ArgumentAlignment.maskElements(limits: [shape.sequenceLength, shape.chunkSize])
            let accumulator = AccumulatorLayout(rows: tiling.m, columns: tiling.n, warps: tiling.warps)
            rowSequence = Operand(
                kind: .load, tensor: tensor, elementBytes: 4,
                requests: frame.vectorRequests(
                    length: tiling.m, elementBytes: 4, alignment: alignment, mask: mask,
                    short: accumulator.rowSliceRequests(elementBytes: 4)))
            columnSequence = Operand(
                kind: .load, tensor: tensor, elementBytes: 4,
                requests: frame.vectorRequests(
                    length: tiling.n, elementBytes: 4, alignment: alignment, mask: mask,
                    short: accumulator.columnSliceRequests(elementBytes: 4, vector: min(alignment, mask))))
        } else {
            rowSequence = nil
            columnSequence = nil
        }
        pipeline = SoftwarePipeline(stages: tiling.stages, operands: [c, b], trip: costs.trip)
        launch = frame.launch(
            grid: Grid(
                x: shape.chunkSize.dividedRoundingUp(by: tiling.m) * columnTiles, y: shape.batch,
                z: shape.chunkCount * shape.groups))
    }

    /// Where one block works.
    private struct Place {
        var batch: Int
        var chunk: Int
        var group: Int
        var firstRow: Int
        var firstColumn: Int
        var valid: Int
    }

    /// The block's place; nil where the causal form has no work.
    private func place(ofBlock block: Int) -> Place? {
        let (tile, batch, chunkAndGroup) = launch.grid.coordinates(of: block)
        let chunk = chunkAndGroup / shape.groups
        let place = Place(
            batch: batch, chunk: chunk, group: chunkAndGroup % shape.groups, firstRow: tile / columnTiles * tiling.m,
            firstColumn: tile % columnTiles * tiling.n, valid: shape.validLength(ofChunk: chunk))
        return isCausal && place.firstColumn >= place.firstRow + tiling.m ? nil : place
    }

    @inline(__always)
    private func factorRegion(_ view: TensorView, _ place: Place, first: Int, extent: Int, state: Int) -> TileRegion {
        view.region(
            batch: place.batch, chunk: place.chunk, head: place.group, row: first, column: state,
            rows: min(extent, place.valid - first), columns: min(tiling.k, shape.stateDim - state))
    }

    private func sequenceRegion(_ view: TensorView, _ place: Place, first: Int, extent: Int) -> TileRegion {
        view.region(
            batch: place.batch, chunk: place.chunk, column: first, rows: 1, columns: min(extent, place.valid - first))
    }

    private func productsRegion(_ place: Place) -> TileRegion {
        allocation.products.region(
            batch: place.batch, chunk: place.chunk, head: place.group, row: place.firstRow, column: place.firstColumn,
            rows: min(tiling.m, shape.chunkSize - place.firstRow),
            columns: min(tiling.n, shape.chunkSize - place.firstColumn))
    }

    private var trips: Int { shape.stateDim.dividedRoundingUp(by: tiling.k) }

    func walk<Sink: OperationSink>(block: Int, into sink: inout Sink) {
        guard let place = place(ofBlock: block) else { return }
        sink.compute(costs.addresses)
        sink.loop(pipeline, trips: trips, lead: costs.lead) { index, part, sink in
            let state = index &* tiling.k
            sink.access(
                c, factorRegion(allocation.c, place, first: place.firstRow, extent: tiling.m, state: state), in: part)
            sink.access(
                b, factorRegion(allocation.b, place, first: place.firstColumn, extent: tiling.n, state: state), in: part
            )
        }
        if let rowSequence, let columnSequence, let view = allocation.sequenceIndex {
            sink.access(rowSequence, sequenceRegion(view, place, first: place.firstRow, extent: tiling.m))
            sink.access(columnSequence, sequenceRegion(view, place, first: place.firstColumn, extent: tiling.n))
            sink.awaitLoads()
        }
        sink.store(products, productsRegion(place), behind: costs.stores)
    }
}

extension BMMChunkForward {
    /// The products C Bᵀ inside each chunk.
    package static let description = SSDKernel(
        name: "bmm_ch_fwd", function: "_bmm_chunk_fwd_kernel", summary: "the products C Bᵀ inside each chunk",
        pass: .forward, pipes: .tensor,
        axes: GridAxes(chunk: .z, head: nil), fields: ["M", "N", "K"], candidates: Tiling.tiles,
        tunedBy: [.chunk, .states],
        tuned: \.product,
        code: SSDCode(
            mix: CostModel.chunkProductForward,
            registers: { RegisterEstimate.tileKernel($0) },
            sharedMemory: SharedMemoryEstimate.chunkProduct,
            compiled: { _ in CompiledTable.productForward }),
        make: { BMMChunkForward(tiling: $0.tiling, allocation: $0.allocation, isCausal: $0.isCausalProduct) })
}
