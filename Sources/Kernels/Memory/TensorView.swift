import Trace

/// A tensor argument as kernels index it: a place in an allocation, and strides in elements.
///
/// The tensor decides which strides mean anything. The last dimension's stride is one.
package struct TensorView: Equatable, Sendable {
    /// Device address of the allocation's first byte.
    package var allocationAddress: UInt64
    /// Length of the allocation, which other views may share.
    package var allocationByteCount: Int
    /// Bytes from the allocation's start to element [0, ..., 0].
    package var offsetBytes: Int
    package var elementType: ElementType
    package var batchStride: Int
    /// Stride of one chunk of positions.
    package var chunkStride: Int
    /// Stride of a head. For B, C and CB it is the stride of a group.
    package var headStride: Int
    /// Stride of the tile's slow dimension: a position, a row of CB, a channel of the states.
    package var rowStride: Int

    package init(
        allocationAddress: UInt64, allocationByteCount: Int, offsetBytes: Int = 0, elementType: ElementType,
        batchStride: Int = 0, chunkStride: Int = 0, headStride: Int = 0, rowStride: Int = 0
    ) {
        self.allocationAddress = allocationAddress
        self.allocationByteCount = allocationByteCount
        self.offsetBytes = offsetBytes
        self.elementType = elementType
        self.batchStride = batchStride
        self.chunkStride = chunkStride
        self.headStride = headStride
        self.rowStride = rowStride
    }

    /// Address of element [0, ..., 0].
    package var address: UInt64 { allocationAddress + UInt64(offsetBytes) }

    /// The launch's entry for this argument, with the kernel's name for it.
    package func tensor(named name: String) -> Tensor {
        Tensor(
            name: name, baseAddress: allocationAddress, byteCount: UInt64(allocationByteCount),
            elementType: elementType.rawValue)
    }
}

extension TensorView {
    /// The valid part of a tile whose first element has these indices. Negative extents count as zero.
    @inline(__always)
    package func region(
        batch: Int = 0, chunk: Int = 0, head: Int = 0, row: Int = 0, column: Int = 0, rows: Int, columns: Int
    ) -> TileRegion {
        let element = batch &* batchStride &+ chunk &* chunkStride &+ head &* headStride &+ row &* rowStride &+ column
        return TileRegion(
            address: address &+ UInt64(bitPattern: Int64(element &* elementType.byteCount)), rows: max(0, rows),
            columns: max(0, columns))
    }
}
