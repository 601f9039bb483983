import Analysis
import TestSupport
import Trace

extension HandMadeLaunch {
    /// What an inspection says of the launch.
    func summary(processors: Int = 132, pageLimit: Int = AccessProfiler.defaultPageLimit) throws -> LaunchSummary {
        var profiler: AccessProfiler? = AccessProfiler(processorCount: processors, pageLimit: pageLimit)
        return try LaunchSummary(self, order: 0, profiler: &profiler)
    }

    /// An inspection of a trace of this launch alone.
    func trace(processors: Int = 132) throws -> TraceSummary {
        TraceSummary(
            file: "hand.weir", byteCount: nil, producer: "hand", launches: [try summary(processors: processors)],
            processorCount: processors)
    }
}
