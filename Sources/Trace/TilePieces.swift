/// A tile's expansion in pieces. They bound the memory, however much one operation asks for: a tile of a few bytes in a
/// file may stand for millions of line requests.
///
/// The pieces' requests and coverage, one after the other, are those of `RequestExpander.expand(_:)`.
package struct TilePieces {
    /// Approximate number of line requests in a piece. A warp request is never divided. It has at most 64 MiB.
    package static let lines = 1 << 16

    private let tile: TileAccess
    private let limit: UInt64
    private let isShort: Bool
    private let columns: Int
    private let unitCount: Int
    /// The next one of the tile's units.
    private var unit = 0
    /// Where a unit is taken request by request: the offset of the next request's bytes in a lane.
    private var offset = 0
    /// How often the piece that was expanded last must be given again.
    private var repeats = 0

    /// - Parameter lines: approximate number of line requests in a piece.
    package init(_ tile: TileAccess, geometry: LineGeometry, lines: Int = TilePieces.lines) {
        self.tile = tile
        limit = UInt64(lines)
        isShort = tile.rows == 0 || tile.rowBytes == 0 || tile.lineBound(lineBytes: geometry.lineBytes) <= limit
        columns = isShort ? 1 : tile.columnCount
        unitCount = isShort ? 1 : columns * tile.rowGroupCount
    }

    /// Expands the next piece.
    /// - Parameter expander: holds the piece that was expanded last.
    /// - Returns: whether there was a piece left.
    package mutating func expandNext(with expander: inout RequestExpander) -> Bool {
        if repeats > 0 {
            repeats -= 1
            return true
        }
        guard unit < unitCount else { return false }
        guard !isShort else {
            unit = 1
            expander.expand(tile)
            return true
        }
        let single = tile.units(from: unit, count: 1)
        let bound = max(1, single.lineBound(lineBytes: expander.geometry.lineBytes))
        guard bound <= limit else {
            expandRequest(of: single, with: &expander)
            return true
        }
        let fitting = Int(limit / bound)
        let column = unit % columns
        let count =
            column == 0 && fitting >= columns
            ? min(fitting / columns * columns, unitCount - unit) : min(fitting, columns - column)
        expander.expand(tile.units(from: unit, count: count))
        unit += count
        return true
    }

    /// Expands the next warp request of a large unit. Its copies are given again afterwards.
    private mutating func expandRequest(of unit: TileAccess, with expander: inout RequestExpander) {
        repeats = Int(unit.replicas) - 1
        var single = unit
        single.replicas = 1
        let laneBytes = Int(unit.laneBytes)
        let stride = Int(unit.laneStrideBytes)
        guard laneBytes != stride else {
            self.unit += 1
            return expander.expand(single)
        }
        expander.expandStrided(
            address: unit.address &+ UInt64(offset), rows: Int(unit.rows), bytes: min(laneBytes, stride - offset),
            limit: Int(unit.rowBytes) - offset, tile: single)
        offset += laneBytes
        guard offset >= min(stride, Int(unit.rowBytes)) else { return }
        offset = 0
        self.unit += 1
    }
}
