import Experiments

/// What `weir inspect` shows of a trace.
package struct TraceSummary: Sendable {
    /// The trace's name.
    package let file: String
    /// Length in bytes; nil for a pipe.
    package let byteCount: UInt64?
    /// Program that wrote it.
    package let producer: String
    package let launches: [LaunchSummary]

    package init(file: String, byteCount: UInt64?, producer: String, launches: [LaunchSummary]) {
        self.file = file
        self.byteCount = byteCount
        self.producer = producer
        self.launches = launches
    }
}
