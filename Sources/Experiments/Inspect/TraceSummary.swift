import Trace

/// What a trace holds: what `weir inspect` shows.
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

    /// Reads a trace from its first byte to its last, checking everything on the way.
    /// - Throws: `TraceError` with the file and the place in it.
    package init(
        reading input: ByteInput, byteCount: UInt64? = nil, progress: ((RunProgress) -> Void)? = nil
    ) throws {
        let reader = try TraceStreamReader(input)
        var launches: [LaunchSummary] = []
        while let source = try reader.nextLaunch() {
            let launch = source.launch
            let order = launches.count
            launches.append(
                try LaunchSummary(source) { block in
                    progress?(
                        RunProgress(
                            order: order, launchCount: nil, kernel: launch.kernel, blocksStarted: block,
                            blockCount: launch.grid.blockCount))
                })
        }
        self.init(file: input.name ?? "trace", byteCount: byteCount, producer: reader.producer, launches: launches)
    }
}
