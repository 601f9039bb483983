import Experiments
import Foundation

/// Measures what a run costs the process: elapsed time, and peak memory as the system accounts it.
struct ProcessUsage {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// Starts the clock.
    init() {
        start = clock.now
    }

    /// Time since the start, and the largest resident memory so far.
    var cost: RunCost { RunCost(wallSeconds: elapsedSeconds, peakMemoryBytes: Self.peakMemoryBytes) }

    /// Seconds since the start.
    var elapsedSeconds: Double { (clock.now - start) / .seconds(1) }

    /// Largest resident memory of the process, in bytes; 0 where the system does not say.
    static var peakMemoryBytes: Int {
        var usage = rusage()
        #if canImport(Darwin)
            return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : 0
        #else
            return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? Int(usage.ru_maxrss) * 1024 : 0
        #endif
    }
}
