/// Requests that lie ahead of the present time, by window: a calendar of `horizon` windows.
///
/// Requests lie in pages of a common pool. Memory therefore follows the number of requests that are pending at one
/// time.
struct TimeBuckets: ~Copyable {
    /// Both are powers of two.
    private static let horizon = 256
    private static let pageRequests = 128

    /// A window's chain of pages.
    struct Bucket: BitwiseCopyable {
        var firstPage: Int32 = -1
        var lastPage: Int32 = -1
        var count: Int32 = 0
    }

    private let windowCycles: Double
    private var requests = Buffer<SectorRequest>(capacity: 64 * Self.pageRequests)
    private var nextPage = Buffer<Int32>(capacity: 64)
    private var freePage: Int32 = -1
    private let buckets: Buffer<Bucket>
    private let counts: Buffer<Int32>
    private var order = Buffer<SectorRequest>(capacity: 4096)
    /// The number of requests that nobody has taken yet.
    private(set) var pending = 0

    init(windowCycles: Double) {
        self.windowCycles = windowCycles
        buckets = Buffer(repeating: Bucket(), count: Self.horizon)
        counts = Buffer(repeating: 0, count: Int(windowCycles.rounded(.up)) + 2)
    }

    /// Adds a request. `window` is the running window. Requests beyond the horizon wait in its last window.
    @inline(__always)
    mutating func append(_ request: SectorRequest, window: Int) {
        let target = min(max(Int(request.time / windowCycles), window), window &+ Self.horizon &- 1)
        let slot = target & (Self.horizon &- 1)
        var bucket = buckets[slot]
        let position = Int(bucket.count) & (Self.pageRequests &- 1)
        if position == 0 {
            let page = takePage()
            if bucket.lastPage < 0 { bucket.firstPage = page } else { nextPage[Int(bucket.lastPage)] = page }
            bucket.lastPage = page
        }
        requests[Int(bucket.lastPage) &* Self.pageRequests &+ position] = request
        bucket.count &+= 1
        buckets[slot] = bucket
        pending &+= 1
    }

    /// The first window from `window` on that holds requests, or nil.
    func firstOccupied(from window: Int) -> Int? {
        guard pending > 0 else { return nil }
        for candidate in window..<(window + Self.horizon) where buckets[candidate % Self.horizon].count > 0 {
            return candidate
        }
        return nil
    }

    /// Moves the requests of `window` into `sorted`. They are sorted by time to the cycle, and within a cycle by
    /// arrival.
    mutating func take(window: Int, into sorted: inout Buffer<SectorRequest>) {
        let slot = window % Self.horizon
        let bucket = buckets[slot]
        let total = Int(bucket.count)
        buckets[slot] = Bucket()
        pending &-= total
        sorted.resize(to: 0)
        guard total > 0 else { return }
        let start = Double(window) * windowCycles
        let last = counts.count - 1
        counts.fill(0)
        order.resize(to: total)
        var page = bucket.firstPage
        var copied = 0
        while copied < total {
            let here = min(Self.pageRequests, total - copied)
            for position in 0..<here {
                let request = requests[Int(page) &* Self.pageRequests &+ position]
                order[copied &+ position] = request
                counts[Self.cycle(of: request, from: start, last: last)] &+= 1
            }
            copied += here
            let next = nextPage[Int(page)]
            nextPage[Int(page)] = freePage
            freePage = page
            page = next
        }
        // Requests from beyond the horizon sort behind all others and go back into the calendar.
        let early = total - Int(counts[last])
        var sum: Int32 = 0
        for cycle in 0...last {
            let here = counts[cycle]
            counts[cycle] = sum
            sum &+= here
        }
        sorted.resize(to: total)
        for position in 0..<total {
            let request = order[position]
            let cycle = Self.cycle(of: request, from: start, last: last)
            sorted[Int(counts[cycle])] = request
            counts[cycle] &+= 1
        }
        for position in early..<total { append(sorted[position], window: window + 1) }
        sorted.resize(to: early)
    }

    mutating func removeAll() {
        for slot in 0..<Self.horizon { buckets[slot] = Bucket() }
        nextPage.removeAll()
        requests.removeAll()
        freePage = -1
        pending = 0
    }

    @inline(__always)
    private static func cycle(of request: SectorRequest, from start: Double, last: Int) -> Int {
        min(last, max(0, Int(request.time - start)))
    }

    private mutating func takePage() -> Int32 {
        if freePage >= 0 {
            let page = freePage
            freePage = nextPage[Int(page)]
            nextPage[Int(page)] = -1
            return page
        }
        let page = nextPage.count
        nextPage.append(-1)
        requests.resize(to: (page + 1) * Self.pageRequests)
        return Int32(truncatingIfNeeded: page)
    }
}
