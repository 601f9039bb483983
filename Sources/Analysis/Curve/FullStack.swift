import Trace

/// A fully associative LRU cache of every capacity at once. It keeps Mattson's stack distances of lines and derives
/// those of sectors from them.
///
/// Memory: 20 bytes per line if whole pages of eight lines are touched, the index of pages (21 to 43 bytes per page),
/// and a byte per line for `RecencyStack`.
struct FullStack: LineStack, ~Copyable {
    private var numbers = LineNumbers()
    /// The last touch of each line, for `recency`.
    private var times = GrowingBuffer<UInt32>()
    private var recency = RecencyStack()
    private var depths = SectorDepths()

    init() {}

    private init(copyOf other: borrowing FullStack) {
        numbers = other.numbers.copy()
        times = other.times.copy()
        recency = other.recency.copy()
        depths = other.depths.copy()
    }

    func copy() -> FullStack { FullStack(copyOf: self) }

    func byteCount(afterFurther lines: Int) -> Int {
        let count = numbers.count(afterFurther: lines)
        return numbers.byteCount(afterFurther: lines) + count * (4 + SectorDepths.lineBytes) + recency.byteCount
    }

    @inline(__always)
    mutating func touch(_ request: LineRequest, tensor: Int, counts: inout DistanceCounts) {
        let line = number(of: request.line)
        let distance = raise(line) ?? 0
        depths.touch(
            line, distance: UInt32(truncatingIfNeeded: distance), sectors: request.sectors, tensor: tensor,
            counts: &counts)
    }

    mutating func store(_ request: LineRequest, _ rule: StoreRule, tensor: Int, counts: inout DistanceCounts) -> UInt32?
    {
        let line = number(of: request.line)
        let distance = recency.distance(times[line]).map { UInt32(truncatingIfNeeded: $0) } ?? DistanceCounts.never
        let sectors = request.sectors.nonzeroBitCount
        guard rule.allocates else {
            counts.add(sectors, distance: distance, tensor: tensor)
            if distance != DistanceCounts.never { depths.refresh(line, sectors: request.wholeSectors) }
            return nil
        }
        switch rule.steps.fate(distance: distance, low: rule.low, high: rule.high) {
        case .divided(let last): return last
        case .present: depths.refresh(line, sectors: request.wholeSectors)
        case .absent:
            _ = raise(line)
            depths.enter(line, distance: distance, sectors: request.wholeSectors)
        }
        counts.add(sectors, distance: distance, tensor: tensor)
        return nil
    }

    /// Empties the cache.
    mutating func removeAll() {
        numbers.removeAll()
        times.removeAll()
        recency.removeAll()
        depths.removeAll()
    }

    @inline(__always)
    private mutating func number(of line: UInt64) -> Int {
        let number = numbers.number(of: line)
        let count = numbers.count
        if count > times.count {
            times.append(repeating: 0, count: count &- times.count)
            depths.reserve(count)
        }
        return number
    }

    /// Makes a line the youngest.
    /// - Returns: its distance before, or nil for a first touch.
    @inline(__always)
    private mutating func raise(_ line: Int) -> Int? {
        if recency.isFull { renumber() }
        var time = times[line]
        let distance = recency.touch(&time)
        times[line] = time
        return distance
    }

    private mutating func renumber() {
        for line in 0..<times.count where times[line] > 0 { times[line] = recency.rank(times[line]) }
        recency.restart()
    }
}
