import Kernels

/// Summarises the 32-byte sectors of a tile: the number of distinct sectors, and an order-independent hash of their
/// numbers.
struct SectorDigest: Equatable {
    var count = 0
    var hash: UInt64 = 0
    var minimum = -1
    var maximum = -1

    /// - Parameters:
    ///   - operation: its rows are in ascending address order and do not overlap.
    ///   - origin: the address of sector 0.
    init(_ operation: SourceOperation, origin: UInt64) {
        guard operation.elementCount > 0 else { return }
        let rowBytes = operation.region.columns * operation.elementBytes
        let start = Int(operation.region.address - origin)
        var next = 0
        for row in 0..<operation.region.rows {
            let first = start + row * operation.pitchBytes
            let last = (first + rowBytes - 1) / 32
            var sector = max(next, first / 32)
            while sector <= last {
                hash &+= Self.splitMix64(UInt64(sector))
                count += 1
                sector += 1
            }
            next = max(next, last + 1)
        }
        minimum = start
        maximum = start + (operation.region.rows - 1) * operation.pitchBytes + rowBytes - 1
    }

    /// The finaliser of the splitmix64 generator, as the digests use it.
    static func splitMix64(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
