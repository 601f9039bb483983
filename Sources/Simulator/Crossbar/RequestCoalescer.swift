import Machine

/// The request coalescers (LRC) between the L1s of each GPC and the L2.
///
/// The coalescer answers a read together with an earlier read of the same line, and the later read never reaches the
/// L2. There are three conditions: the earlier read is still on its way, it covers the sectors, and it has served fewer
/// than `requesters` reads so far. The coalescer forgets a read once its answer has passed. *Source:*
/// docs/validation/h200_coalescer.md.
struct RequestCoalescer: ~Copyable {
    private static let ways = 16
    private var lines: TagStore
    private let index: SetIndex
    private let setsPerGPC: Int
    /// Cycles from an SM to its coalescer and back. An answer passes the coalescer that long before it counts as
    /// arrived.
    private let passage: Double
    /// Four bits per sector of each entry: `firstCount` plus the requesters merged so far. At 8 the sector takes no
    /// more.
    private let counts: Buffer<UInt32>
    private let firstCount: UInt32
    /// The read of this window that each entry stands for. It is -1 if the entry stands for an older read, whose
    /// arrival is known.
    let reads: Buffer<Int32>
    /// Cycle at which the entry's answer reaches its SM; infinity until it is known.
    let arrivals: Buffer<Double>
    /// The entry that the last call of `merge` found or made.
    private(set) var entry = 0

    init(gpcs: Int, settings: CoalescerSettings) {
        setsPerGPC = max(1, settings.entries / Self.ways)
        lines = TagStore(sets: gpcs * setsPerGPC, ways: Self.ways, replacement: .fifo, seed: 1)
        index = SetIndex(hash: .scrambled, sets: setsPerGPC)
        firstCount = UInt32(9 - min(8, max(1, settings.requesters)))
        passage = settings.passageCycles
        reads = Buffer(repeating: -1, count: gpcs * setsPerGPC * Self.ways)
        arrivals = Buffer(repeating: 0, count: gpcs * setsPerGPC * Self.ways)
        counts = Buffer(repeating: 0, count: gpcs * setsPerGPC * Self.ways)
    }

    mutating func reset() {
        lines.reset()
        reads.fill(-1)
    }

    /// Whether an earlier read, that of `entry`, answers this one too. If not, this read becomes the first of its
    /// entry.
    /// - Parameter read: the number in the window that this read gets if it becomes a first read. `expect` notes its
    ///   arrival.
    @inline(__always)
    mutating func merge(gpc: Int, line: UInt64, sectors: UInt8, read: Int32, time: Double) -> Bool {
        let place = index.place(of: line)
        let set = gpc &* setsPerGPC &+ place.set
        let ones = Self.spread(sectors)
        var way = lines.find(set: set, tag: place.tag)
        if way >= 0 {
            entry = set &* Self.ways &+ way
            if time < arrivals[entry] - passage {
                let known = lines.validSectors(set: set, way: way)
                if known & sectors == sectors, counts[entry] & (ones &<< 3) == 0 {
                    counts[entry] &+= ones
                    return true
                }
                lines.setValidSectors(set: set, way: way, known | sectors)
                counts[entry] = counts[entry] & ~(ones &* 15) | ones &* firstCount
            } else {
                lines.setValidSectors(set: set, way: way, sectors)
                counts[entry] = ones &* firstCount
            }
        } else {
            way = lines.victim(set: set)
            lines.insert(set: set, way: way, tag: place.tag, sectors: sectors)
            entry = set &* Self.ways &+ way
            counts[entry] = ones &* firstCount
        }
        reads[entry] = read
        arrivals[entry] = .infinity
        return false
    }

    /// Notes that the answer of `read` reaches its SM at `arrival`. `isFinal` holds at the window's end.
    @inline(__always)
    func expect(entry: Int, read: Int32, arrival: Double, isFinal: Bool) {
        guard reads[entry] == read else { return }
        arrivals[entry] = arrival
        if isFinal { reads[entry] = -1 }
    }

    /// Spreads the bits of `sectors`: bit i becomes bit 4 i.
    @inline(__always)
    private static func spread(_ sectors: UInt8) -> UInt32 {
        var bits = UInt32(sectors)
        bits = (bits | bits &<< 12) & 0x000F_000F
        bits = (bits | bits &<< 6) & 0x0303_0303
        return (bits | bits &<< 3) & 0x1111_1111
    }
}
