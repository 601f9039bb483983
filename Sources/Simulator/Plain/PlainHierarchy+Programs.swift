import Trace

extension PlainHierarchy {
    /// Performs a block's operations in program order. Each lane of a memory operation makes an access of its own.
    /// - Throws: `SimulatorError.unsupportedOperation` for flags between blocks.
    mutating func perform(_ program: borrowing BlockProgram, kernel: String) throws(SimulatorError) {
        for operation in program.operations {
            switch operation {
            case .tile(let tile): perform(tile)
            case .lanes(let lanes):
                let access = PlainAccess(lanes.kind, hint: lanes.hint)
                let bytes = UInt64(lanes.laneBytes)
                guard bytes > 0 else { continue }
                if lanes.laneCount == 0, lanes.kind.isMaintenance { maintainAll(access) }
                let first = Int(lanes.firstLane)
                for lane in first..<(first &+ Int(lanes.laneCount)) {
                    self.access(access, address: program.laneAddresses[lane], bytes: bytes)
                }
            case .awaitLoads, .commitGroup, .awaitGroups, .barrier, .compute, .beginProducts, .awaitProducts: continue
            case .invalidateL1: emptyFirstLevels()
            case .signal: throw .unsupportedOperation(kernel: kernel, operation: "signals to other blocks")
            case .awaitFlag: throw .unsupportedOperation(kernel: kernel, operation: "waits for other blocks")
            }
        }
    }

    /// Performs a tile's lanes one after another. Requests come in row-major order, and within a request its rows in
    /// order. The end of a row cuts the row's last lane.
    private mutating func perform(_ tile: TileAccess) {
        guard tile.rows > 0, tile.rowBytes > 0, tile.laneBytes > 0 else { return }
        let access = PlainAccess(tile.kind, hint: tile.hint)
        let rows = Int(tile.rows)
        let rowBytes = Int(tile.rowBytes)
        let laneBytes = Int(tile.laneBytes)
        let laneStride = Int(tile.laneStrideBytes)
        let span = laneStride * Int(tile.lanesPerRow)
        for firstRow in stride(from: 0, to: rows, by: Int(tile.requestRows)) {
            let endRow = min(rows, firstRow + Int(tile.requestRows))
            for column in stride(from: 0, to: rowBytes, by: span) {
                for piece in stride(from: 0, to: min(laneStride, rowBytes - column), by: laneBytes) {
                    let width = min(laneBytes, laneStride - piece)
                    for _ in 0..<tile.replicas {
                        for row in firstRow..<endRow {
                            let start = tile.address &+ UInt64(bitPattern: Int64(row) &* tile.pitchBytes)
                            let end = min(rowBytes, column + span)
                            for offset in stride(from: column + piece, to: end, by: laneStride) {
                                self.access(
                                    access, address: start &+ UInt64(offset),
                                    bytes: UInt64(min(width, rowBytes - offset)))
                            }
                        }
                    }
                }
            }
        }
    }
}
