import Runs
import Simulator

/// The sums in the last row of a run's table.
struct RunSums {
    private(set) var launches = 0
    private(set) var counters = Counters()
    private(set) var blocks: UInt64 = 0
    private(set) var nanoseconds = 0.0
    private(set) var overheadNanoseconds = 0.0
    /// Bytes that the L2's slices could deliver in this time.
    private(set) var mostL2Bytes = 0.0
    private var peakBytesPerSecond = 0.0

    mutating func add(_ result: LaunchResult, limit: L2Limit) {
        launches += 1
        counters.add(result.counters)
        blocks += UInt64(result.launch.grid.blockCount)
        nanoseconds += result.durationNanoseconds
        overheadNanoseconds += result.overheadNanoseconds
        mostL2Bytes += limit.mostBytes(of: result)
        peakBytesPerSecond = max(peakBytesPerSecond, result.peakBytesPerSecond)
    }

    var hbmBytes: Double { Double(counters.hbmReadBytes + counters.hbmWriteBytes) }
    var hbmBytesPerSecond: Double { hbmBytes / (nanoseconds * 1e-9) }
    var hbmPercent: Double { peakBytesPerSecond > 0 ? 100 * hbmBytesPerSecond / peakBytesPerSecond : 0 }
}
