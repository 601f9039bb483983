import Trace

/// A set-associative LRU cache with 1 to `ways` ways at once. It keeps the lines of each set, youngest first. A line's
/// distance is its place in its set's list. All lines beyond the last way are equally far.
struct SetStack: LineStack, ~Copyable {
    private let sets: UInt64
    /// `sets` - 1 if that is a mask; otherwise all ones.
    private let setMask: UInt64
    private let ways: Int
    /// Line numbers plus one, a set's ways side by side. 0 is an empty way.
    private var lists = GrowingBuffer<UInt32>(capacity: 1)
    private var numbers = LineNumbers()
    private var depths = SectorDepths()
    /// 1 for each line that a store has brought in.
    private var stored = GrowingBuffer<UInt8>(capacity: 1)

    init(sets: Int, ways: Int) {
        self.sets = UInt64(sets)
        setMask = sets & (sets - 1) == 0 ? UInt64(sets) - 1 : .max
        self.ways = ways
        lists.reset(repeating: 0, count: sets * ways)
    }

    private init(copyOf other: borrowing SetStack) {
        sets = other.sets
        setMask = other.setMask
        ways = other.ways
        lists = other.lists.copy()
        numbers = other.numbers.copy()
        depths = other.depths.copy()
        stored = other.stored.copy()
    }

    func copy() -> SetStack { SetStack(copyOf: self) }

    func byteCount(afterFurther lines: Int) -> Int {
        let count = numbers.count(afterFurther: lines)
        return lists.count * 4 + numbers.byteCount(afterFurther: lines) + count * (1 + SectorDepths.lineBytes)
    }

    @inline(__always)
    mutating func touch(_ request: LineRequest, tensor: Int, counts: inout DistanceCounts) {
        let line = number(of: request.line)
        let distance = raise(Self.entry(line), first: firstWay(ofLine: request.line))
        depths.touch(
            line, distance: UInt32(truncatingIfNeeded: distance), sectors: request.sectors, tensor: tensor,
            counts: &counts)
    }

    mutating func store(_ request: LineRequest, _ rule: StoreRule, tensor: Int, counts: inout DistanceCounts) -> UInt32?
    {
        let line = number(of: request.line)
        let first = firstWay(ofLine: request.line)
        let place = find(Self.entry(line), first: first)
        if stored.count < numbers.count { stored.append(repeating: 0, count: numbers.count &- stored.count) }
        let isNew = place == ways && stored[line] == 0 && depths.isUnseen(line)
        let distance = isNew ? DistanceCounts.never : UInt32(truncatingIfNeeded: place)
        let sectors = request.sectors.nonzeroBitCount
        guard rule.allocates else {
            counts.add(sectors, distance: distance, tensor: tensor)
            if place < ways { depths.refresh(line, sectors: request.wholeSectors) }
            return nil
        }
        switch rule.steps.fate(distance: distance, low: rule.low, high: rule.high) {
        case .divided(let last): return last
        case .present: depths.refresh(line, sectors: request.wholeSectors)
        case .absent:
            _ = raise(Self.entry(line), first: first)
            stored[line] = 1
            depths.enter(line, distance: distance, sectors: request.wholeSectors)
        }
        counts.add(sectors, distance: distance, tensor: tensor)
        return nil
    }

    /// Empties the cache.
    mutating func removeAll() {
        lists.reset(repeating: 0, count: lists.count)
        numbers.removeAll()
        depths.removeAll()
        stored.removeAll()
    }

    @inline(__always)
    private mutating func number(of line: UInt64) -> Int {
        let number = numbers.number(of: line)
        depths.reserve(numbers.count)
        return number
    }

    @inline(__always)
    private func firstWay(ofLine line: UInt64) -> Int {
        let set = setMask == .max ? line % sets : line & setMask
        return Int(truncatingIfNeeded: set) &* ways
    }

    @inline(__always)
    private static func entry(_ line: Int) -> UInt32 { UInt32(truncatingIfNeeded: line &+ 1) }

    /// A line's place in its set, or `ways`.
    private func find(_ entry: UInt32, first: Int) -> Int {
        var way = 0
        while way < ways, lists[first &+ way] != entry { way &+= 1 }
        return way
    }

    /// Makes a line the youngest of its set.
    /// - Returns: its place before, or `ways`.
    @inline(__always)
    private func raise(_ entry: UInt32, first: Int) -> Int {
        var carried = lists[first]
        if carried == entry { return 0 }
        lists[first] = entry
        var way = 1
        // Every line moves down by one place, up to the line's old place, an empty way or the end. The end drops its
        // line.
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
