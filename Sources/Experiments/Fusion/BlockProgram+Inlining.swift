import Trace

extension BlockProgram {
    /// Makes one kernel's code of a program whose first `lead` operations are those of the blocks that it inlines: all that these
    /// load is asked for at the start, tiles that the rest loads too only once, and their instructions follow where the rest first
    /// waits.
    mutating func inline(first lead: Int) {
        guard lead > 0 else { return }
        let start = removeRepeatedLoads(first: lead)
        var loads: [Operation] = []
        var work: [Operation] = []
        for operation in operations[..<start] {
            switch operation {
            case .tile(let tile): if tile.kind.isRead { loads.append(operation) } else { work.append(operation) }
            case .lanes(let lanes): if lanes.kind.isRead { loads.append(operation) } else { work.append(operation) }
            case .compute: work.append(operation)
            default: continue
            }
        }
        loads.append(.commitGroup)
        let rest = operations[start...]
        let wait = rest.firstIndex { if case .awaitLoads = $0 { true } else if case .awaitGroups = $0 { true } else { false } }
        let end = wait.map { $0 + 1 } ?? rest.endIndex
        let groups = rest[..<end].count { $0 == .commitGroup }
        let awaits: [Operation] = [.awaitLoads, .awaitGroups(pending: UInt32(groups)), .barrier]
        operations = loads + rest[..<end] + awaits + work + rest[end...]
    }

    /// Removes loads and copies of tiles that lie within a tile that the program loads elsewhere, of equal ones all but the first: a
    /// block that works for two kernels loads their common tiles once.
    /// - Returns: how many of the first `lead` operations are left.
    private mutating func removeRepeatedLoads(first lead: Int) -> Int {
        let reads = operations.indices.compactMap { index in operations[index].readTile.map { (index: index, tile: $0) } }
        var isRepeated = [Bool](repeating: false, count: reads.count)
        for (place, read) in reads.enumerated() {
            let isCovered = reads.indices.contains { other in
                other != place && !isRepeated[other] && reads[other].tile.covers(read.tile)
                    && (other < place || !read.tile.covers(reads[other].tile))
            }
            isRepeated[place] = isCovered
        }
        let removed = Set(reads.indices.filter { isRepeated[$0] }.map { reads[$0].index })
        operations = operations.indices.filter { !removed.contains($0) }.map { operations[$0] }
        return lead - removed.count { $0 < lead }
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
