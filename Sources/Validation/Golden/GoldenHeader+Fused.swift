import Kernels

/// Digests of ssd_fused. The header gives the layout of the inputs. Weir chooses the layout of the tensors that the
/// wrapper makes.
extension GoldenHeader {
    /// The generator of the launch.
    func makeFused() throws -> SSDFused {
        let shape = try shape()
        try shape.validate()
        let blocks = FusedBlocks(tiling: try tiling())
        for (name, own) in Self.sizes(of: blocks) {
            if let size = blockConfig[name], size != own { throw Misfit(reason: "\(name) is \(size); known is \(own)") }
        }
        var options = FusedOptions()
        options.hasFloatStates = params.states_in_fp32 ?? false
        options.hasFloatProducts = params.cb_store_fp32 ?? false
        options.takesTickets = params.use_atomic_pid ?? true
        let allocation = SSDAllocation(shape: shape)
        var fused = FusedTensors(allocation: allocation, options: options)
        try place(&fused, shape: shape)
        return try SSDFused.makeSource(tiling: tiling(), allocation: allocation, tensors: fused)
    }

    /// The block sizes that no configuration changes.
    private static func sizes(of blocks: FusedBlocks) -> [(String, Int)] {
        [
            ("BLOCK_SIZE_HD", blocks.channels), ("BLOCK_SIZE_DS", blocks.states), ("BLOCK_SIZE_CS", blocks.positions),
            ("CS_BLOCK_SIZE_DS", blocks.scanStates), ("CS_BLOCK_SIZE_CS_outer", blocks.scanRows),
            ("CS_WHOLEBLOCK_DS", blocks.wholeStates), ("BMM_BLOCK_SIZE_M", blocks.productRows),
            ("BMM_BLOCK_SIZE_N", blocks.productColumns), ("BMM_BLOCK_SIZE_K", blocks.productDepth),
            ("CCS_BLOCK_SIZE_H", blocks.heads),
        ]
    }

    /// Places the caller's tensors as the header says.
    private func place(_ fused: inout FusedTensors, shape: SSDShape) throws(Misfit) {
        /// Strides of (batch, position, head, channel) or of the first of them.
        func positions(_ view: TensorView, _ argument: String) throws(Misfit) -> TensorView {
            guard let record = record(argument) else { return view }
            var view = try view.placed(by: record, in: allocations, header: self)
            let strides = record.strides ?? []
            guard (2...4).contains(strides.count), strides.last == 1 else {
                throw Misfit(
                    reason: "\(argument) has strides \(strides); known are those of a contiguous last dimension")
            }
            guard strides[1] <= Self.largestBytes / shape.chunkSize else {
                throw Misfit(reason: "\(argument) has strides \(strides), beyond any allocation")
            }
            (view.batchStride, view.rowStride, view.chunkStride) = (
                strides[0], strides[1], strides[1] * shape.chunkSize
            )
            view.headStride = strides.count > 2 ? strides[2] : 0
            try view.check(
                argument, heads: ["b_ptr", "C_ptr"].contains(argument) ? shape.groups : shape.heads, shape: shape)
            return view
        }
        func perHead(_ view: TensorView, _ argument: String) throws(Misfit) -> TensorView {
            guard let record = record(argument) else { return view }
            var view = try view.placed(by: record, in: allocations, header: self)
            view.headStride = record.strides?.first ?? view.headStride
            try view.check(argument, heads: shape.heads, shape: shape)
            return view
        }
        fused.x = try positions(fused.x, "x_ptr")
        fused.b = try positions(fused.b, "b_ptr")
        fused.c = try positions(fused.c, "C_ptr")
        fused.out = try positions(fused.out, "out_ptr")
        fused.timeStep = try positions(fused.timeStep, "dt_orig_ptr")
        fused.decayRate = try perHead(fused.decayRate, "A_ptr")
        if let view = fused.z { fused.z = try positions(view, "z_ptr") }
        if let view = fused.ungatedOut { fused.ungatedOut = try positions(view, "out_x_ptr") }
        if let view = fused.sequenceIndex { fused.sequenceIndex = try positions(view, "seq_idx_ptr") }
        if let view = fused.timeStepBias { fused.timeStepBias = try perHead(view, "dt_bias_ptr") }
        if let view = fused.skip { fused.skip = try perHead(view, "D_ptr") }
    }

    private func record(_ argument: String) -> TensorRecord? { tensors.first { $0.arg == argument } }
}

extension TensorView {
    /// Refuses strides that put the last position of the last head behind the allocation.
    /// - Parameter heads: the number of heads or groups of the tensor.
    fileprivate func check(_ argument: String, heads: Int, shape: SSDShape) throws(GoldenHeader.Misfit) {
        let places = [
            (shape.batch, batchStride), (rowStride > 0 ? shape.sequenceLength : 1, rowStride), (heads, headStride),
        ]
        var end = Double(offsetBytes)
        for (count, stride) in places { end += Double(count - 1) * Double(stride) * Double(elementType.byteCount) }
        guard end <= Double(allocationByteCount) else {
            throw GoldenHeader.Misfit(
                reason:
                    "\(argument) has strides that reach byte \(Int(min(end, 1e18))) of an allocation of \(allocationByteCount) bytes"
            )
        }
    }

    /// The same tensor with the allocation, offset and type of a header's record.
    fileprivate func placed(
        by record: GoldenHeader.TensorRecord, in allocations: [GoldenHeader.Allocation], header: GoldenHeader
    ) throws(GoldenHeader.Misfit) -> TensorView {
        guard let allocation = allocations.first(where: { $0.index == record.alloc }) else {
            throw GoldenHeader.Misfit(reason: "\(record.arg) stands in no allocation")
        }
        var view = self
        view.allocationByteCount = allocation.nbytes
        view.offsetBytes = record.offset_bytes ?? 0
        if elementType != .i32 { view.elementType = try header.elementType(record.dtype, of: record.arg) }
        return view
    }
}
