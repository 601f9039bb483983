/// How many requests each GPC passes to the L2: those beyond its rate wait.
///
/// A window's requests come in no order of time, so that only what exceeds the window's share waits, and what is left
/// over delays the next window. *Source:* docs/validation/h200_rounds.md: loads of one sector a lane, 1.6 cycles a line
/// and SM with all SMs, 1.0 with one.
struct RequestLimiter: ~Copyable {
    private let loads: Buffer<RequestLoad>
    private let cyclesPerRequest: Double
    private let perWindow: Double
    private var window = 0

    init(gpcs: Int, cyclesPerRequest: Double, windowCycles: Double) {
        loads = Buffer(repeating: RequestLoad(), count: gpcs)
        self.cyclesPerRequest = cyclesPerRequest
        perWindow = cyclesPerRequest > 0 ? windowCycles / cyclesPerRequest : .infinity
    }

    mutating func reset() {
        loads.fill(RequestLoad())
        window = 0
    }

    /// Begins `window`, which is later than the one before.
    mutating func begin(window: Int) {
        let passed = perWindow * Double(max(1, window - self.window))
        self.window = window
        for gpc in 0..<loads.count {
            loads[gpc] = RequestLoad(count: 0, backlog: max(0, loads[gpc].backlog + loads[gpc].count - passed))
        }
    }

    /// Cycles that the next request of `gpc` waits.
    @inline(__always)
    func delay(gpc: Int) -> Double {
        var load = loads[gpc]
        load.count += 1
        loads[gpc] = load
        return (load.backlog + max(0, load.count - perWindow)) * cyclesPerRequest
    }
}

/// Requests of one GPC.
struct RequestLoad: BitwiseCopyable {
    /// Of this window so far.
    var count = 0.0
    /// Left over from the windows before.
    var backlog = 0.0
}
