/// The valid part of one tile, after masking.
package struct TileRegion: Equatable, Sendable {
    /// Address of the tile's first element. Where this element is not valid, no element of the tile is.
    package var address: UInt64
    /// Valid extent along the slow dimension; 0 where the mask leaves nothing.
    package var rows: Int
    /// Valid elements of a row; 0 where the mask leaves nothing.
    package var columns: Int

    @inline(__always)
    package init(address: UInt64, rows: Int, columns: Int) {
        self.address = address
        self.rows = rows
        self.columns = columns
    }
}
