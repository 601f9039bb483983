import Analysis

/// What writes inspected traces launch by launch in each format, in the bytes of the whole summary's report.
package enum InspectWriters {
    /// A writer; nil for CSV with profiles, whose columns all launches decide together.
    /// - Parameters:
    ///   - trace: its launches are those that come.
    ///   - temporaryDirectory: where a file may lie for what stands behind the table of all launches.
    package static func writer(
        for format: OutputFormat, trace: TraceSummary, temporaryDirectory: String?, write: @escaping TextSink
    ) -> (any LaunchWriter<LaunchSummary>)? {
        format.choose(
            text: InspectTextWriter(trace, temporaryDirectory: temporaryDirectory, write: write),
            json: InspectJSONWriter(trace, write: write),
            csv: trace.processorCount == nil ? InspectCSVWriter(trace, buckets: 0, write: write) : nil)
    }
}
