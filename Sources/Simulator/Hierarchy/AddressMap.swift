/// Where a line is served: home partition, slice and memory channel.
///
/// *Source:* l2-mechanism.md, item 1: home by a hash of chunks of addresses. The real hashes of slices and channels are not
/// public; even pseudo-random ones stand for them.
struct AddressMap: Sendable {
    private let partitions: Int
    private let linesPerChunk: UInt64
    private let slices: UInt64
    private let channels: UInt64
    private let linesPerInterleave: UInt64

    /// - Parameters:
    ///   - homeChunkBytes: grain at which lines alternate between partitions.
    ///   - slices, channels: servers behind one partition.
    init(lineBytes: Int, partitions: Int, homeChunkBytes: Int, slices: Int, channels: Int, interleaveBytes: Int) {
        self.partitions = partitions
        linesPerChunk = UInt64(max(1, homeChunkBytes / lineBytes))
        self.slices = UInt64(slices)
        self.channels = UInt64(channels)
        linesPerInterleave = UInt64(max(1, interleaveBytes / lineBytes))
    }

    /// A fixed random permutation of 64-bit numbers.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var x = value &* 0x9E37_79B9_7F4A_7C15
        x ^= x &>> 29
        x = x &* 0xBF58_476D_1CE4_E5B9
        return x ^ (x &>> 32)
    }

    /// The partition (0 or 1) whose slices own `line`.
    @inline(__always)
    func home(of line: UInt64) -> Int {
        partitions == 1 ? 0 : Int(Self.mix(line / linesPerChunk) & 1)
    }

    /// The slice within a partition that looks up `line`.
    @inline(__always)
    func slice(of line: UInt64) -> Int {
        Int(((Self.mix(line &+ 0x5851_F42D) & 0xFFFF_FFFF) &* slices) &>> 32)
    }

    /// The memory channel behind the home partition that holds `line`.
    @inline(__always)
    func channel(of line: UInt64) -> Int {
        Int(((Self.mix(line / linesPerInterleave &+ 0x1F12_3BB5) & 0xFFFF_FFFF) &* channels) &>> 32)
    }
}
