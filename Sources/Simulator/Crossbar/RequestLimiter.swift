/// The rate at which each GPC passes requests to the L2. Requests beyond the rate wait.
///
/// The requests of a window are not sorted by time. Therefore only the requests beyond the window's share wait, and the
/// remainder delays the next window. *Source:* docs/validation/h200_rounds.md. Its loads of one sector per lane take
/// 1.6 cycles per line and SM with all SMs, and 1.0 with one SM.
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
    /// Requests of this window so far.
    var count = 0.0
    /// Requests left over from the windows before.
    var backlog = 0.0
}
