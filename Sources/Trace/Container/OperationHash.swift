/// A fast hash of operation shapes that is the same in every run.
struct OperationHash {
    private(set) var value: UInt64 = 0x9e37_79b9_7f4a_7c15

    @inline(__always)
    mutating func combine(_ word: UInt64) {
        value = (value ^ word) &* 0xd6e8_feb8_6659_fd93
        value ^= value &>> 32
    }

    @inline(__always)
    private mutating func combine(_ low: UInt32, _ high: UInt32) {
        combine(UInt64(low) | UInt64(high) &<< 32)
    }

    @inline(__always)
    mutating func combine(_ shape: Operation) {
        switch shape {
        case .tile(let tile):
            combine(
                UInt32(tile.kind.rawValue) | UInt32(tile.hint.rawValue) &<< 8 | UInt32(tile.elementBytes) &<< 16
                    | UInt32(tile.replicas) &<< 24, UInt32(tile.tensor) | UInt32(tile.requestRows) &<< 16)
            combine(UInt32(tile.lanesPerRow) | UInt32(tile.laneBytes) &<< 16, UInt32(tile.laneStrideBytes))
            combine(tile.rows, tile.rowBytes)
            combine(UInt64(bitPattern: tile.pitchBytes))
        case .lanes(let access):
            combine(
                1 | UInt32(access.kind.rawValue) &<< 8 | UInt32(access.hint.rawValue) &<< 16,
                UInt32(access.laneBytes) | UInt32(access.tensor) &<< 16)
            combine(access.firstLane, access.laneCount)
        case .awaitLoads: combine(2)
        case .commitGroup: combine(3)
        case .awaitGroups(let pending): combine(4, pending)
        case .barrier: combine(5)
        case .compute(let work):
            combine(work.instructions, work.tensor)
            combine(work.fp32, work.alu)
            combine(work.special, work.memory)
            combine(6, work.shuffle)
            combine(work.products, work.cycles)
        case .invalidateL1: combine(7)
        case .signal(let flag): combine(8, flag)
        case .awaitFlag(let flag, let count):
            combine(9, flag)
            combine(UInt64(count))
        case .beginProducts(let products): combine(10, products)
        case .awaitProducts(let pending): combine(11, pending)
        }
    }
}
