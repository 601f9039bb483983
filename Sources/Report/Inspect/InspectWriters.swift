import Analysis

/// Makes the writers of inspected traces in each format. They write launch by launch, in the bytes of the whole
/// summary's report.
package enum InspectWriters {
    /// A writer; nil for CSV with profiles, whose columns depend on all launches together.
    /// - Parameters:
    ///   - trace: a summary of the trace whose launches come.
    ///   - temporaryDirectory: the place of a file for the text that follows the table of all launches.
    package static func writer(
        for format: OutputFormat, trace: TraceSummary, temporaryDirectory: String?, write: @escaping TextSink
    ) -> (any LaunchWriter<LaunchSummary>)? {
        format.choose(
            text: InspectTextWriter(trace, temporaryDirectory: temporaryDirectory, write: write),
            json: InspectJSONWriter(trace, write: write),
            csv: trace.processorCount == nil ? InspectCSVWriter(trace, buckets: 0, write: write) : nil)
    }
}
