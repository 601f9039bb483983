/// Spreads of the traffic of blocks that come one after another. Blocks without traffic count without a visit.
struct BlockMeter: Sendable {
    /// Bytes read, bytes of sectors read, bytes written, bytes of sectors written.
    private typealias Amounts = SIMD4<UInt64>

    private var block = -1
    private var current = Amounts(repeating: 0)
    private var least = Amounts(repeating: .max)
    private var greatest = Amounts(repeating: 0)
    private var sum = Amounts(repeating: 0)
    private var visited = 0

    /// Adds an access of block `block`. Block numbers do not decrease from access to access.
    @inline(__always)
    mutating func add(bytes: UInt64, sectors: UInt64, isWrite: Bool, block: Int) {
        if block != self.block {
            close()
            self.block = block
        }
        let sectorBytes = sectors &* Footprint.sectorBytes
        current &+= isWrite ? Amounts(0, 0, bytes, sectorBytes) : Amounts(bytes, sectorBytes, 0, 0)
    }

    /// The traffic of all of `blocks` blocks.
    mutating func finish(blocks: Int) -> BlockTraffic {
        close()
        if visited < blocks { least = Amounts(repeating: 0) }
        var traffic = BlockTraffic()
        traffic.readBytes = spread(0, blocks: blocks)
        traffic.readSectorBytes = spread(1, blocks: blocks)
        traffic.writeBytes = spread(2, blocks: blocks)
        traffic.writeSectorBytes = spread(3, blocks: blocks)
        return traffic
    }

    private mutating func close() {
        guard block >= 0 else { return }
        least = pointwiseMin(least, current)
        greatest = pointwiseMax(greatest, current)
        sum &+= current
        visited += 1
        current = Amounts(repeating: 0)
    }

    private func spread(_ lane: Int, blocks: Int) -> BlockSpread {
        var spread = BlockSpread()
        spread.least = least[lane]
        spread.greatest = greatest[lane]
        spread.sum = sum[lane]
        spread.blocks = UInt64(blocks)
        return spread
    }
}
