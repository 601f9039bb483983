/// Requests ahead of their time, kept by window: a calendar of `horizon` windows.
struct TimeBuckets: ~Copyable {
    private static let horizon = 256
    private let buckets: UnsafeMutablePointer<RequestQueue<SectorRequest>>
    private let windowCycles: Double
    private var counts: FixedBuffer<Int32>
    private var order = RequestQueue<SectorRequest>(capacity: 4096)
    /// Requests that have not been taken yet.
    private(set) var pending = 0

    init(windowCycles: Double) {
        self.windowCycles = windowCycles
        buckets = .allocate(capacity: Self.horizon)
        for index in 0..<Self.horizon { (buckets + index).initialize(to: RequestQueue(capacity: 64)) }
        counts = FixedBuffer(repeating: 0, count: Int(windowCycles.rounded(.up)) + 2)
    }

    deinit {
        buckets.deinitialize(count: Self.horizon)
        buckets.deallocate()
    }

    /// Adds a request; `window` is the window that runs now. Requests beyond the horizon wait in its last window.
    @inline(__always)
    mutating func append(_ request: SectorRequest, window: Int) {
        let target = min(max(Int(request.time / windowCycles), window), window + Self.horizon - 1)
        buckets[target % Self.horizon].append(request)
        pending &+= 1
    }

    /// The first window from `window` on that holds requests, or nil.
    func firstOccupied(from window: Int) -> Int? {
        guard pending > 0 else { return nil }
        for candidate in window..<(window + Self.horizon) where buckets[candidate % Self.horizon].count > 0 { return candidate }
        return nil
    }

    /// Moves the requests of `window` into `sorted`, by time to the cycle, equal cycles in order of arrival.
    mutating func take(window: Int, into sorted: inout RequestQueue<SectorRequest>) {
        let slot = window % Self.horizon
        let total = buckets[slot].count
        let start = Double(window) * windowCycles
        let last = counts.count - 1
        counts.fill(0)
        for index in 0..<total {
            let cycle = min(last, max(0, Int(buckets[slot][index].time - start)))
            counts[cycle] &+= 1
        }
        // Requests beyond the window (from the horizon) go back.
        let early = total - Int(counts[last])
        var sum: Int32 = 0
        for cycle in 0...last {
            let here = counts[cycle]
            counts[cycle] = sum
            sum &+= here
        }
        order.resize(to: total)
        for index in 0..<total {
            let request = buckets[slot][index]
            let cycle = min(last, max(0, Int(request.time - start)))
            order[Int(counts[cycle])] = request
            counts[cycle] &+= 1
        }
        buckets[slot].removeAll()
        pending &-= total
        sorted.resize(to: early)
        for index in 0..<early { sorted[index] = order[index] }
        for index in early..<total { append(order[index], window: window + 1) }
    }

    mutating func removeAll() {
        for index in 0..<Self.horizon { buckets[index].removeAll() }
        pending = 0
    }
}
