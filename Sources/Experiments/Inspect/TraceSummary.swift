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
    /// SMs that blocks were spread over to tell shared lines; nil without profiles.
    package let processorCount: Int?

    package init(
        file: String, byteCount: UInt64?, producer: String, launches: [LaunchSummary], processorCount: Int? = nil
    ) {
        self.file = file
        self.byteCount = byteCount
        self.producer = producer
        self.launches = launches
        self.processorCount = processorCount
    }

    /// Reads a trace from its first byte to its last, checking everything on the way, without profiles of memory.
    /// - Throws: `TraceError` with the file and the place in it.
    package init(reading input: ByteInput) throws {
        var none: AccessProfiler?
        try self.init(reading: input, profiler: &none)
    }

    /// Reads a trace from its first byte to its last, checking everything on the way.
    /// - Parameter profiler: collects how each tensor's memory is used; nil leaves that out.
    /// - Throws: `TraceError` with the file and the place in it, `ExperimentError.footprintLimit`.
    package init(
        reading input: ByteInput, byteCount: UInt64? = nil, profiler: inout AccessProfiler?,
        progress: ((RunProgress) -> Void)? = nil
    ) throws {
        let reader = try TraceStreamReader(input)
        var launches: [LaunchSummary] = []
        while let source = try reader.nextLaunch() {
            let launch = source.launch
            let order = launches.count
            launches.append(
                try LaunchSummary(source, order: order, profiler: &profiler) { block in
                    progress?(
                        RunProgress(
                            order: order, launchCount: nil, kernel: launch.kernel, blocksStarted: block,
                            blockCount: launch.grid.blockCount))
                })
        }
        self.init(
            file: input.name ?? "trace", byteCount: byteCount, producer: reader.producer, launches: launches,
            processorCount: profiler?.processorCount)
    }
}
