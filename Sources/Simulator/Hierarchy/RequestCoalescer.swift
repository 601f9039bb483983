import Machine

/// The request coalescers (LRC) between the L1s of each GPC and the L2.
///
/// Each remembers the lines read last. A read whose sectors are covered by a remembered one, which has served fewer than
/// `requesters` so far, is answered together with it and never reaches the L2.
/// *Source:* docs/validation/h200_scheduling.md: merging depends on what else the GPC reads, not on time.
struct RequestCoalescer: ~Copyable {
    private static let ways = 16
    private var lines: TagStore
    private let index: SetIndex
    private let setsPerGPC: Int
    /// Number of the read, among all reads of the half, that each entry stands for.
    private let reads: FixedBuffer<UInt64>
    /// Four bits a sector of each entry: `firstCount` plus the requesters merged so far; 8 when no more are taken.
    private let counts: FixedBuffer<UInt32>
    private let firstCount: UInt32

    /// - Parameter requesters: most requesters of a sector, the first included; 1 to 8.
    init(gpcs: Int, entries: Int, requesters: Int) {
        setsPerGPC = max(1, entries / Self.ways)
        lines = TagStore(sets: gpcs * setsPerGPC, ways: Self.ways, replacement: .fifo, seed: 1)
        index = SetIndex(hash: .scrambled, sets: setsPerGPC)
        firstCount = UInt32(9 - min(8, max(1, requesters)))
        reads = FixedBuffer(repeating: 0, count: gpcs * setsPerGPC * Self.ways)
        counts = FixedBuffer(repeating: 0, count: gpcs * setsPerGPC * Self.ways)
    }

    mutating func reset() { lines.reset() }

    /// The number of the earlier read that answers this one too, or nil after noting this one as its sectors' new first read.
    /// - Parameter read: this read's number if it becomes a first read.
    @inline(__always)
    mutating func merge(gpc: Int, line: UInt64, sectors: UInt8, read: UInt64) -> UInt64? {
        let place = index.place(of: line)
        let set = gpc &* setsPerGPC &+ place.set
        let ones = Self.spread(sectors)
        var way = lines.find(set: set, tag: place.tag)
        if way >= 0 {
            let entry = set &* Self.ways &+ way
            let known = lines.validSectors(set: set, way: way)
            if known & sectors == sectors, counts[entry] & (ones &<< 3) == 0 {
                counts[entry] &+= ones
                return reads[entry]
            }
            lines.setValidSectors(set: set, way: way, known | sectors)
            counts[entry] = counts[entry] & ~(ones &* 15) | ones &* firstCount
            reads[entry] = read
            return nil
        }
        way = lines.victim(set: set)
        lines.insert(set: set, way: way, tag: place.tag, sectors: sectors)
        let entry = set &* Self.ways &+ way
        counts[entry] = ones &* firstCount
        reads[entry] = read
        return nil
    }

    /// Bit i of `sectors` as bit 4 i.
    @inline(__always)
    private static func spread(_ sectors: UInt8) -> UInt32 {
        var bits = UInt32(sectors)
        bits = (bits | bits &<< 12) & 0x000F_000F
        bits = (bits | bits &<< 6) & 0x0303_0303
        return (bits | bits &<< 3) & 0x1111_1111
    }
}
