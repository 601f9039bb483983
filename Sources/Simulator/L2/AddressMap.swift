/// The place that serves a line: its home partition, slice and memory channel.
///
/// The home partition is the parity of some bits of the chunk's number. *Source:* docs/validation/h200_home.md found
/// address bits 12, 13, 15, 17, 19, 21 and 22 within pages. Above them pages scatter, and a pseudo-random bit stands
/// for the higher bits. The real hashes of slices and channels are not public. This model deals lines out in rounds
/// over all slices or channels, and rotates each round at random. The result is even on contiguous ranges and scattered
/// on strides.
struct AddressMap: Sendable {
    let partitions: Int
    private let linesPerChunk: UInt64
    private let chunk: Divisor
    private let chunkPair: Divisor
    /// Slices behind one partition.
    let slices: UInt64
    private let slice: Divisor
    private let channels: UInt64
    private let channel: Divisor
    private let interleave: Divisor

    /// - Parameters:
    ///   - homeChunkBytes: the grain at which lines alternate between partitions.
    ///   - slices, channels: the numbers of slices and channels behind one partition.
    init(lineBytes: Int, partitions: Int, homeChunkBytes: Int, slices: Int, channels: Int, interleaveBytes: Int) {
        self.partitions = partitions
        linesPerChunk = UInt64(max(1, homeChunkBytes / lineBytes))
        chunk = Divisor(linesPerChunk)
        chunkPair = Divisor(linesPerChunk * 2)
        self.slices = UInt64(slices)
        slice = Divisor(self.slices)
        self.channels = UInt64(channels)
        channel = Divisor(self.channels)
        interleave = Divisor(UInt64(max(1, interleaveBytes / lineBytes)))
    }

    /// The bits of the chunk's number whose parity is the home partition: address bits 12, 13, 15, 17, 19, 21, 22.
    private static let homeBits: UInt64 = 0b110_1010_1011

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
        guard partitions > 1 else { return 0 }
        let number = chunk.quotient(line)
        let low = (number & Self.homeBits).nonzeroBitCount
        return (low ^ Int(Self.mix(number &>> 11) & 1)) & 1
    }

    /// The number of `line` among the lines of its home partition. The numbers are even over contiguous ranges, since
    /// two neighbouring chunks always belong to different partitions.
    @inline(__always)
    private func localLine(_ line: UInt64) -> UInt64 {
        partitions == 1 ? line : chunkPair.quotient(line) &* linesPerChunk &+ chunk.remainder(line)
    }

    /// The server of `unit`: units are dealt to `servers` in rounds, and each round is rotated at random.
    @inline(__always)
    private static func deal(_ unit: UInt64, to servers: UInt64, _ divisor: Divisor) -> Int {
        let (round, turn) = divisor.quotientAndRemainder(unit)
        let rotated = turn &+ ((mix(round) & 0xFFFF_FFFF) &* servers) &>> 32
        return Int(rotated >= servers ? rotated &- servers : rotated)
    }

    /// The slice within a partition that looks up `line`.
    @inline(__always)
    func slice(of line: UInt64) -> Int { Self.deal(localLine(line), to: slices, slice) }

    /// The memory channel behind the home partition that holds `line`.
    @inline(__always)
    func channel(of line: UInt64) -> Int { Self.deal(interleave.quotient(localLine(line)), to: channels, channel) }
}
