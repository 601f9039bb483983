import Trace

extension BlockProgram {
    /// Removes loads and copies of tiles that lie within a tile that the program loads elsewhere, of equal ones all but the first:
    /// a block that works for two kernels loads their common tiles once.
    mutating func removeRepeatedLoads() {
        let reads = operations.indices.filter { operations[$0].readTile != nil }
        var removed = Set<Int>()
        for index in reads {
            guard let tile = operations[index].readTile else { continue }
            let isRepeated = reads.contains { other in
                guard other != index, !removed.contains(other), let whole = operations[other].readTile, whole.covers(tile) else {
                    return false
                }
                return other < index || !tile.covers(whole)
            }
            if isRepeated { removed.insert(index) }
        }
        guard !removed.isEmpty else { return }
        operations = operations.indices.filter { !removed.contains($0) }.map { operations[$0] }
    }
}

extension Operation {
    /// The tile of a load from or copy of global memory.
    fileprivate var readTile: TileAccess? {
        guard case .tile(let tile) = self, tile.kind.isRead, tile.kind != .atomic, tile.kind != .localLoad, tile.kind != .fetch
        else { return nil }
        return tile
    }
}

extension TileAccess {
    /// Whether every byte of `other` is one of this tile's, as their rows and pitches show.
    fileprivate func covers(_ other: TileAccess) -> Bool {
        guard tensor == other.tensor, other.rows > 0, other.address >= address else { return false }
        let distance = other.address - address
        guard rows > 1 || other.rows > 1 else { return distance + UInt64(other.rowBytes) <= UInt64(rowBytes) }
        guard pitchBytes == other.pitchBytes || other.rows == 1, pitchBytes > 0 else { return false }
        let (row, column) = distance.quotientAndRemainder(dividingBy: UInt64(pitchBytes))
        return row + UInt64(other.rows) <= UInt64(rows) && column + UInt64(other.rowBytes) <= UInt64(rowBytes)
    }
}
