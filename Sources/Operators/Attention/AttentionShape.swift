import Trace

/// The sizes of an attention call. Queries, keys and values are (batch, heads, positions, head dim).
struct AttentionShape: Equatable, Sendable {
    let batch: Int
    let heads: Int
    /// Heads of keys and values; each serves `heads / keyHeads` heads of queries.
    let keyHeads: Int
    let queries: Int
    let keys: Int
    let dim: Int
    let isCausal: Bool

    /// Queries and keys of a tile.
    static let tile = 128

    /// The head dim to which kernels pad.
    var padded: Int { dim <= 64 ? 64 : dim <= 128 ? 128 : 256 }
    var queryTiles: Int { queries.dividedRoundingUp(by: Self.tile) }
    var keyTiles: Int { keys.dividedRoundingUp(by: Self.tile) }

    /// The tiles of keys that a tile of queries sees.
    func keyTiles(ofQueryTile tile: Int) -> Int {
        guard isCausal else { return keyTiles }
        return min(keyTiles, max(1, ((tile + 1) * Self.tile + keys - queries).dividedRoundingUp(by: Self.tile)))
    }

    /// The first tile of `rows` queries that sees a tile of keys.
    func firstQueryTile(ofKeyTile tile: Int, rows: Int) -> Int {
        isCausal ? max(0, (tile * Self.tile - (keys - queries)) / rows) : 0
    }
}

/// A tensor (batch, heads, positions, head dim) of an attention call.
struct AttentionTensor: Sendable {
    let tensor: Int
    let address: UInt64
    let elementBytes: Int
    let batchStride: Int
    let headStride: Int
    let rowStride: Int

    /// Nil where the head dim does not lie side by side.
    init?(_ tensor: OperatorTensor, entries: inout TensorEntries, places: TensorPlaces) {
        guard tensor.shape.count == 4, tensor.strides[3] == 1 else { return nil }
        self.tensor = entries.index(of: tensor)
        address = places.address(of: tensor)
        elementBytes = tensor.type.byteCount
        batchStride = tensor.strides[0]
        headStride = tensor.strides[1]
        rowStride = tensor.strides[2]
    }

    /// Rows of a head as one access.
    @inline(__always)
    func rows(
        _ kind: AccessKind, batch: Int, head: Int, row: Int, count: Int, columns: Int, laneBytes: Int = 16,
        hint: CacheHint = .normal
    ) -> Operation {
        let element = batch &* batchStride &+ head &* headStride &+ row &* rowStride
        let lanes = max(1, min(32, columns * elementBytes / laneBytes))
        return .tile(
            TileAccess(
                kind: kind, tensor: tensor, elementBytes: elementBytes,
                address: address &+ UInt64(element &* elementBytes), rows: count, rowBytes: columns * elementBytes,
                pitchBytes: rowStride * elementBytes, requestRows: 32 / lanes, lanesPerRow: lanes, laneBytes: laneBytes,
                laneStrideBytes: laneBytes, hint: hint))
    }
}
