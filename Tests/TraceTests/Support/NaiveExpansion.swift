import Trace

/// Request expansion by enumeration of every byte: slow, and as the documentation of `TileAccess` reads.
enum NaiveExpansion {
    struct Masks: Equatable {
        var sectors: UInt8
        var whole: UInt8
    }

    static func requests(of tile: TileAccess) -> [[UInt64: Masks]] { bytes(of: tile).map(lines) }

    /// The bytes of each warp request.
    static func bytes(of tile: TileAccess) -> [Set<UInt64>] {
        let span = Int(tile.laneStrideBytes) * Int(tile.lanesPerRow)
        let pieces = (Int(tile.laneStrideBytes) + Int(tile.laneBytes) - 1) / Int(tile.laneBytes)
        var result: [Set<UInt64>] = []
        for group in stride(from: 0, to: Int(tile.rows), by: Int(tile.requestRows)) {
            for column in stride(from: 0, to: Int(tile.rowBytes), by: span) {
                for piece in 0..<pieces {
                    let bytes = touched(tile, rows: group, column: column, piece: piece)
                    if !bytes.isEmpty { result += Array(repeating: bytes, count: Int(tile.replicas)) }
                }
            }
        }
        return result
    }

    private static func touched(_ tile: TileAccess, rows group: Int, column: Int, piece: Int) -> Set<UInt64> {
        var bytes: Set<UInt64> = []
        for row in group..<min(group + Int(tile.requestRows), Int(tile.rows)) {
            for lane in 0..<Int(tile.lanesPerRow) {
                for byte in 0..<Int(tile.laneBytes) {
                    let inLane = piece * Int(tile.laneBytes) + byte
                    let offset = column + lane * Int(tile.laneStrideBytes) + inLane
                    guard inLane < Int(tile.laneStrideBytes), offset < Int(tile.rowBytes) else { continue }
                    bytes.insert(
                        UInt64(
                            bitPattern: Int64(bitPattern: tile.address) + Int64(row) * tile.pitchBytes + Int64(offset)))
                }
            }
        }
        return bytes
    }

    /// The 128-byte lines of a set of bytes, with the sectors touched and wholly touched.
    static func lines(of bytes: Set<UInt64>) -> [UInt64: Masks] {
        var counts: [UInt64: Int] = [:]
        for byte in bytes { counts[byte / 32, default: 0] += 1 }
        var lines: [UInt64: Masks] = [:]
        for (sector, count) in counts {
            let bit = UInt8(1) << UInt8(sector % 4)
            lines[sector / 4, default: Masks(sectors: 0, whole: 0)].sectors |= bit
            if count == 32 { lines[sector / 4, default: Masks(sectors: 0, whole: 0)].whole |= bit }
        }
        return lines
    }
}
