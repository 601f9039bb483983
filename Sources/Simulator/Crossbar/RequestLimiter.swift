/// The rate at which something passes between each GPC and the L2. What is beyond the rate waits.
///
/// Two limits are of this kind. A GPC sends so many requests (docs/validation/h200_rounds.md: loads of one sector per
/// lane take 1.6 cycles per line and SM with all SMs, and 1.0 with one SM). And it takes so many sectors
/// (docs/validation/h200_fill.md).
///
/// The requests of a window are not sorted by time. Therefore only what is beyond the window's share waits, and the
/// remainder delays the next window.
struct RequestLimiter: ~Copyable {
    private let loads: Buffer<RequestLoad>
    /// Cycles per request or per sector.
    private let cyclesPerUnit: Double
    private let perWindow: Double
    private var window = 0

    init(gpcs: Int, cyclesPerUnit: Double, windowCycles: Double) {
        loads = Buffer(repeating: RequestLoad(), count: gpcs)
        self.cyclesPerUnit = cyclesPerUnit
        perWindow = cyclesPerUnit > 0 ? windowCycles / cyclesPerUnit : .infinity
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

    /// Lets `units` of `gpc` pass.
    @inline(__always)
    func pass(gpc: Int, units: Double) { loads[gpc].count += units }

    /// Cycles that the units of `gpc` that passed last had to wait.
    @inline(__always)
    func delay(gpc: Int) -> Double {
        let load = loads[gpc]
        return (load.backlog + max(0, load.count - perWindow)) * cyclesPerUnit
    }
}

/// The units of one GPC.
struct RequestLoad: BitwiseCopyable {
    /// Units of this window so far.
    var count = 0.0
    /// Units left over from the windows before.
    var backlog = 0.0
}
