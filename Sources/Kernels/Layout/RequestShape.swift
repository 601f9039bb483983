/// The part of a tile that one warp instruction covers, and how often the block issues it.
package struct RequestShape: Equatable, Sendable {
    /// Consecutive rows of the tile in one request.
    package var rows: Int
    /// Lanes side by side in one row.
    package var lanesPerRow: Int
    /// Bytes that a lane moves in one instruction.
    package var laneBytes: Int
    /// Bytes from a lane's first byte to its neighbour's.
    package var laneStrideBytes: Int
    /// Number of warps that hold the same part of the tile. Each of them issues a load.
    package var replicas: Int

    package init(rows: Int, lanesPerRow: Int, laneBytes: Int, laneStrideBytes: Int, replicas: Int) {
        self.rows = rows
        self.lanesPerRow = lanesPerRow
        self.laneBytes = laneBytes
        self.laneStrideBytes = laneStrideBytes
        self.replicas = replicas
    }

    /// A single element that every warp of the block loads.
    package static func scalar(elementBytes: Int, warps: Int) -> RequestShape {
        RequestShape(rows: 1, lanesPerRow: 1, laneBytes: elementBytes, laneStrideBytes: elementBytes, replicas: warps)
    }
}
