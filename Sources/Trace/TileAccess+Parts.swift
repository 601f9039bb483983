/// A tile's warp requests as units that can be expanded separately. Units are numbered by row group from the first row
/// on, and inside a group from the first column on.
extension TileAccess {
    /// Bytes of a row that one warp request covers.
    private var span: Int { Int(laneStrideBytes) * Int(lanesPerRow) }

    /// Units of a row group.
    package var columnCount: Int { max(1, (Int(rowBytes) + span - 1) / max(1, span)) }

    /// Groups of rows that one warp request covers.
    package var rowGroupCount: Int { max(1, (Int(rows) + Int(requestRows) - 1) / max(1, Int(requestRows))) }

    /// The tile of `count` units from unit `first` on. They must be units of one row group, or whole row groups.
    package func units(from first: Int, count: Int) -> TileAccess {
        let columns = columnCount
        let (group, column) = first.quotientAndRemainder(dividingBy: columns)
        let row = group * Int(requestRows)
        var part = self
        part.address = address &+ UInt64(bitPattern: Int64(row) &* pitchBytes) &+ UInt64(column * span)
        part.rows = UInt32(min(Int(rows) - row, max(1, count / columns) * Int(requestRows)))
        if count < columns { part.rowBytes = UInt32(min(Int(rowBytes) - column * span, count * span)) }
        return part
    }

    /// An upper bound for the number of line requests in the tile's expansion.
    package func lineBound(lineBytes: UInt64) -> UInt64 {
        let isContiguous = laneBytes == laneStrideBytes
        let width = isContiguous ? UInt64(laneBytes) * UInt64(lanesPerRow) : UInt64(laneBytes)
        guard width > 0 else { return 0 }
        let perRow = (UInt64(rowBytes) + width - 1) / width * (min(width, UInt64(rowBytes)) / lineBytes + 2)
        return UInt64(rows) * perRow * UInt64(replicas)
    }
}
