import Trace

/// A set-associative LRU cache with 1 to `ways` ways at once: each set's lines, youngest first. A line's distance is its place
/// in its set's list; beyond the last way all lines are equally far.
struct SetStack: ~Copyable {
    private let sets: UInt64
    /// `sets` - 1 where that is a mask; otherwise all ones.
    private let setMask: UInt64
    private let ways: Int
    /// Line numbers plus one, a set's ways side by side; 0 is an empty way.
    private var lists = GrowingBuffer<UInt32>(capacity: 1)
    private var numbers = LineNumbers()
    private var depths = SectorDepths()

    init(sets: Int, ways: Int) {
        self.sets = UInt64(sets)
        setMask = sets & (sets - 1) == 0 ? UInt64(sets) - 1 : .max
        self.ways = ways
        lists.reset(repeating: 0, count: sets * ways)
    }

    /// Touches the lines of an operation's requests in order.
    mutating func touch(_ requests: [LineRequest], tensor: Int, counts: inout DistanceCounts) {
        for request in requests {
            let line = number(of: request.line)
            let set = setMask == .max ? request.line % sets : request.line & setMask
            let distance = raise(UInt32(truncatingIfNeeded: line &+ 1), first: Int(truncatingIfNeeded: set) &* ways)
            depths.touch(
                line, distance: UInt32(truncatingIfNeeded: distance), sectors: request.sectors, tensor: tensor,
                counts: &counts)
        }
    }

    /// Stores that leave lines and their ages alone: what they cover becomes valid where its line is.
    mutating func refresh(_ requests: [LineRequest]) {
        for request in requests { depths.refresh(number(of: request.line), sectors: request.wholeSectors) }
    }

    /// Empties the cache.
    mutating func removeAll() {
        lists.reset(repeating: 0, count: lists.count)
        numbers.removeAll()
        depths.removeAll()
    }

    @inline(__always)
    private mutating func number(of line: UInt64) -> Int {
        let number = numbers.number(of: line)
        depths.reserve(numbers.count)
        return number
    }

    /// Makes a line its set's youngest.
    /// - Returns: its place before, or `ways`.
    @inline(__always)
    private func raise(_ entry: UInt32, first: Int) -> Int {
        var carried = lists[first]
        if carried == entry { return 0 }
        lists[first] = entry
        var way = 1
        // Every line moves one place down until the line's old place, an empty way or the end takes the last one.
        while way < ways {
            if carried == 0 { return ways }
            let here = lists[first &+ way]
            lists[first &+ way] = carried
            if here == entry { return way }
            carried = here
            way &+= 1
        }
        return ways
    }
}
