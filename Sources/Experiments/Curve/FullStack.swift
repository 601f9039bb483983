import Trace

/// A fully associative LRU cache of every capacity at once: Mattson's stack distances of lines, and from them those of sectors.
///
/// Memory: 20 bytes a line where whole pages of eight lines are touched, the index of pages (21 to 43 bytes a page), and a byte
/// a line for `RecencyStack`.
struct FullStack: ~Copyable {
    private var numbers = LineNumbers()
    /// Each line's last touch for `recency`.
    private var times = GrowingBuffer<UInt32>()
    private var recency = RecencyStack()
    private var depths = SectorDepths()

    init() {}

    /// Lines that there is room for: those touched, and their neighbours.
    var lineCount: Int { times.count }

    /// Touches the lines of an operation's requests in order.
    mutating func touch(_ requests: [LineRequest], tensor: Int, counts: inout DistanceCounts) {
        for request in requests {
            let line = number(of: request.line)
            if recency.isFull { renumber() }
            var time = times[line]
            let distance = recency.touch(&time) ?? 0
            times[line] = time
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

    private mutating func renumber() {
        for line in 0..<times.count where times[line] > 0 { times[line] = recency.rank(times[line]) }
        recency.restart()
    }
}
