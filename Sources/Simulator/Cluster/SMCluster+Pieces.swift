import Trace

/// Memory operations with so many lines that the SM performs them in pieces. A piece starts when the port has taken the
/// piece before it. This bounds the number of lines on their way, however large an operation is.
extension SMCluster {
    /// Whether the tile surely has no more lines than one piece.
    @inline(__always)
    func isShort(_ tile: TileAccess) -> Bool {
        // A line request has at least one byte.
        let bytes = UInt64(tile.rows) &* UInt64(tile.rowBytes) &* UInt64(tile.replicas)
        return bytes <= UInt64(configuration.pieceLines) || fitsPiece(tile)
    }

    @inline(never)
    private func fitsPiece(_ tile: TileAccess) -> Bool {
        tile.lineBound(lineBytes: configuration.geometry.lineBytes) <= UInt64(configuration.pieceLines)
    }

    /// Performs the next piece of a long tile.
    /// - Returns: whether it was the last one.
    @inline(never)
    mutating func accessPiece<Below: OperationPath & ~Copyable>(
        of tile: TileAccess, slot: Int, now: Double, below: inout Below
    ) -> Bool {
        let limit = UInt64(configuration.pieceLines)
        var progress = pieces[slot]
        let columns = tile.columnCount
        var unit = tile.units(from: progress.unit, count: 1)
        let copies = Int(unit.replicas)
        unit.replicas = 1
        let bound = unit.lineBound(lineBytes: configuration.geometry.lineBytes)
        if bound * UInt64(copies) <= limit {
            let fitting = Int(limit / (bound * UInt64(copies)))
            let column = progress.unit % columns
            let count = column == 0 && fitting >= columns ? fitting / columns * columns : min(fitting, columns - column)
            expander.expand(tile.units(from: progress.unit, count: count))
            progress.unit += count
        } else {
            // A single request has that many lines. The SM performs one part of one of its copies.
            expander.expand(unit)
            let lines = expander.requests.count
            let first = progress.line % max(1, lines)
            let end = min(lines, first + Int(limit))
            expander.keep(first..<end)
            progress.line += end - first
            if progress.line >= lines * copies {
                progress.line = 0
                progress.unit += 1
            }
        }
        access(slot: slot, kind: tile.kind, hint: tile.hint, now: now, below: &below)
        let isLast = progress.unit >= columns * tile.rowGroupCount
        pieces[slot] = isLast ? PieceProgress() : progress
        return isLast
    }

    /// Performs the next piece of the long request that the expander holds.
    /// - Returns: whether it was the last one.
    @inline(never)
    mutating func accessPiece<Below: OperationPath & ~Copyable>(
        of lanes: LaneAccess, slot: Int, now: Double, below: inout Below
    ) -> Bool {
        let lines = expander.requests.count
        let first = pieces[slot].line
        let end = min(lines, first + configuration.pieceLines)
        expander.keep(first..<end)
        access(slot: slot, kind: lanes.kind, hint: lanes.hint, now: now, below: &below)
        pieces[slot].line = end == lines ? 0 : end
        return end == lines
    }
}

/// How much of a long operation a block has performed.
struct PieceProgress: BitwiseCopyable {
    /// The number of the tile's requests that are complete, without copies.
    var unit = 0
    /// The number of lines of the next request that are complete, over all copies.
    var line = 0
}
