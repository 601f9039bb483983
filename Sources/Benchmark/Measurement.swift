/// One timed piece of work.
struct Measurement: Sendable {
    /// The name of the work in reports.
    let phase: String
    /// Trace length as a multiple of the main job's.
    let scale: Int
    /// The number of threads that the work may use.
    let threads: Int
    /// 32-byte sectors that the trace's warp requests ask for.
    let sectorRequests: UInt64
    /// Elapsed time of the fastest repetition.
    let seconds: Double
    let repetitions: Int

    /// Sector requests per second.
    var rate: Double { seconds > 0 ? Double(sectorRequests) / seconds : 0 }
    /// Nanoseconds per sector request.
    var nanosecondsPerRequest: Double { sectorRequests > 0 ? seconds * 1e9 / Double(sectorRequests) : 0 }
}

/// Measures elapsed time with a clock that does not stop or jump.
enum Stopwatch {
    /// The least elapsed time of `repetitions` runs, in seconds.
    static func fastest(of repetitions: Int, _ work: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<repetitions { best = min(best, try clock.measure(work) / .seconds(1)) }
        return best
    }
}
