import Runs

/// Measures the cost of a run: elapsed time, and peak memory as the system counts it.
struct ProcessUsage {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// Starts the clock.
    init() {
        start = clock.now
    }

    /// Time since the start, and the largest resident memory so far.
    var cost: RunCost { RunCost(wallSeconds: elapsedSeconds, peakMemoryBytes: ProcessMemory.peakBytes) }

    /// Seconds since the start.
    var elapsedSeconds: Double { (clock.now - start) / .seconds(1) }
}
