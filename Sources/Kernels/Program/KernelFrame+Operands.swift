import Trace

/// Operands whose layouts the compiler picks from their own tile alone.
extension KernelFrame {
    /// What the kernel does with an access.
    enum Use {
        /// A plain load.
        case load
        /// A store by one replica.
        case store
        /// A load whose value reaches the product of a pipelined loop.
        case pipelined
    }

    /// A tile of `rows` by `columns` (contiguous) elements of `view`.
    ///
    /// - Parameters:
    ///   - mask: neighbouring columns that share a mask, from `ArgumentAlignment.maskElements`.
    ///   - widest: elements a thread of the widest access that shares the layout, where that is more than this one's
    ///     own.
    ///   - crosswise: elements that may be copied at once, from `AccumulatorLayout.crosswiseElements`.
    mutating func tile(
        _ name: String, _ view: TensorView, _ use: Use, rows: Int, columns: Int, mask: Int, widest: Int = 1,
        crosswise: Int = 16
    ) -> Operand {
        let bytes = view.elementType.byteCount
        let alignment = tileAlignment(of: view)
        let layout = BlockedLayout.coalesced(
            rows: rows, columns: columns, alignment: alignment, elementBytes: bytes, warps: tiling.warps, widest: widest
        )
        return operand(
            name, view, use,
            layout.requests(elementBytes: bytes, vector: min(alignment, mask, tiling.stages > 1 ? crosswise : 16)),
            pitchBytes: view.rowStride * bytes)
    }

    /// A vector of `length` elements inside one chunk and head. `short` is its layout where it has fewer elements than
    /// the block has threads.
    mutating func vector(
        _ name: String, _ view: TensorView, _ use: Use, length: Int, mask: Int, short: RequestShape
    ) -> Operand {
        let bytes = view.elementType.byteCount
        return operand(
            name, view, use,
            vectorRequests(
                length: length, elementBytes: bytes, alignment: chunkAlignment(of: view), mask: mask, short: short))
    }

    /// One element. Every warp loads it, and one thread stores it.
    mutating func scalar(_ name: String, _ view: TensorView, _ use: Use = .load) -> Operand {
        operand(name, view, use, .scalar(elementBytes: view.elementType.byteCount, warps: tiling.warps))
    }

    /// Atomic adds of a vector, one element a lane. Threads that hold an element a second time add nothing.
    mutating func atomicVector(_ name: String, _ view: TensorView) -> Operand {
        Operand(
            kind: .atomic, tensor: add(name, view), elementBytes: 4,
            requests: RequestShape(rows: 1, lanesPerRow: 32, laneBytes: 4, laneStrideBytes: 4, replicas: 1))
    }

    private mutating func operand(
        _ name: String, _ view: TensorView, _ use: Use, _ requests: RequestShape, pitchBytes: Int = 0
    ) -> Operand {
        let tensor = add(name, view)
        let bytes = view.elementType.byteCount
        switch use {
        case .load:
            return Operand(kind: .load, tensor: tensor, elementBytes: bytes, requests: requests, pitchBytes: pitchBytes)
        case .store: return .store(tensor: tensor, elementBytes: bytes, requests: requests, pitchBytes: pitchBytes)
        case .pipelined:
            return .pipelined(
                tensor: tensor, elementBytes: bytes, requests: requests, pitchBytes: pitchBytes, stages: tiling.stages)
        }
    }

    // MARK: Masks

    /// Neighbours that share a mask, by the index that the mask compares: position, head channel, state, or place in
    /// the chunk.
    var positionMask: Int { ArgumentAlignment.maskElements(limits: [shape.sequenceLength, shape.chunkSize]) }
    var channelMask: Int { ArgumentAlignment.maskElements(limits: [shape.headDim]) }
    var stateMask: Int { ArgumentAlignment.maskElements(limits: [shape.stateDim]) }
    var chunkMask: Int { ArgumentAlignment.maskElements(limits: [shape.chunkSize]) }
}
