import Trace

/// The L1s of all SMs with one capacity each, sectored LRU. They lie between the blocks and the L2 whose curve is
/// drawn.
struct SectorCache: ~Copyable {
    private static let sectorBits: UInt64 = 8

    private let sets: Int
    private let ways: Int
    /// Each word is a line plus one, above eight bits of valid sectors. An SM's sets lie side by side, the youngest
    /// line first. 0 is an empty way.
    private var words = GrowingBuffer<UInt64>(capacity: 1)

    /// - Parameter sets: the sets of one SM.
    init(processors: Int, sets: Int, ways: Int) {
        self.sets = sets
        self.ways = ways
        words.reset(repeating: 0, count: processors * sets * ways)
    }

    /// Looks up a line and makes it the youngest of its set. The requested sectors become valid.
    /// - Returns: the sectors that were missing.
    @inline(__always)
    func load(_ request: LineRequest, processor: Int) -> UInt8 {
        let first = firstWay(ofLine: request.line, processor: processor)
        let key = (request.line &+ 1) &<< Self.sectorBits
        var carried: UInt64 = 0
        var way = 0
        while way < ways {
            let here = words[first &+ way]
            if way > 0 { words[first &+ way] = carried }
            if here &>> Self.sectorBits == request.line &+ 1 {
                words[first] = here | UInt64(request.sectors)
                return request.sectors & ~UInt8(truncatingIfNeeded: here)
            }
            if here == 0 { break }
            carried = here
            way &+= 1
        }
        words[first] = key | UInt64(request.sectors)
        return request.sectors
    }

    /// Performs a store, which leaves the ages of lines unchanged. Whole sectors become valid if the line is there. If
    /// it is missing and the store allocates, it comes in with them.
    @inline(__always)
    func store(_ request: LineRequest, allocates: Bool, processor: Int) {
        let first = firstWay(ofLine: request.line, processor: processor)
        for way in first..<(first &+ ways) where words[way] &>> Self.sectorBits == request.line &+ 1 {
            words[way] |= UInt64(request.wholeSectors)
            return
        }
        guard allocates else { return }
        var way = ways &- 1
        while way > 0 {
            words[first &+ way] = words[first &+ way &- 1]
            way &-= 1
        }
        words[first] = (request.line &+ 1) &<< Self.sectorBits | UInt64(request.wholeSectors)
    }

    /// Empties one SM's L1.
    func removeAll(processor: Int) {
        for word in (processor * sets * ways)..<((processor + 1) * sets * ways) { words[word] = 0 }
    }

    @inline(__always)
    private func firstWay(ofLine line: UInt64, processor: Int) -> Int {
        (processor &* sets &+ Int(truncatingIfNeeded: line % UInt64(sets))) &* ways
    }
}
