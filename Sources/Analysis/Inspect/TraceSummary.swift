import Runs
import Trace

/// The contents of a trace, as `weir inspect` shows them.
package struct TraceSummary: Sendable {
    /// The trace's name.
    package let file: String
    /// Length in bytes; nil for a pipe.
    package let byteCount: UInt64?
    /// The program that wrote it.
    package let producer: String
    package let launches: [LaunchSummary]
    /// The number of SMs over which blocks were spread to find shared lines; nil without profiles.
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
    /// - Throws: `TraceError` with the file and the place in it, `AnalysisError.footprintLimit`.
    package init(
        reading input: ByteInput, byteCount: UInt64? = nil, profiler: inout AccessProfiler?,
        progress: ((RunProgress) -> Void)? = nil
    ) throws {
        var launches: [LaunchSummary] = []
        var head: TraceSummary?
        try Self.read(
            input, byteCount: byteCount, profiler: &profiler, progress: progress, begin: { head = $0 },
            take: { launches.append($0) })
        self.init(
            file: input.name ?? "trace", byteCount: byteCount, producer: head?.producer ?? "", launches: launches,
            processorCount: head?.processorCount)
    }

    /// Reads a trace as `init(reading:)` does and passes on each launch at its end. Earlier launches are not kept.
    /// - Parameters:
    ///   - begin: called first, with a summary without launches.
    ///   - take: called with each launch.
    /// - Throws: also errors of `begin` and `take`.
    package static func read(
        _ input: ByteInput, byteCount: UInt64? = nil, profiler: inout AccessProfiler?,
        progress: ((RunProgress) -> Void)? = nil,
        begin: (TraceSummary) throws -> Void, take: (LaunchSummary) throws -> Void
    ) throws {
        let reader = try TraceStreamReader(input)
        try begin(
            TraceSummary(
                file: input.name ?? "trace", byteCount: byteCount, producer: reader.producer, launches: [],
                processorCount: profiler?.processorCount))
        var order = 0
        while let source = try reader.nextLaunch() {
            let launch = source.launch
            let current = order
            try take(
                try LaunchSummary(source, place: input.name, order: current, profiler: &profiler) { block in
                    progress?(
                        RunProgress(
                            order: current, launchCount: nil, kernel: launch.kernel, blocksStarted: block,
                            blockCount: launch.grid.blockCount))
                })
            order += 1
        }
    }
}
