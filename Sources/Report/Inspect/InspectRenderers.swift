import Experiments

/// What shows inspected traces in each format: as a whole, or launch by launch.
package enum InspectRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<TraceSummary> {
        switch format {
        case .text: InspectText()
        case .json: InspectJSON()
        case .csv: InspectCSV()
        }
    }

    /// Writes an inspected trace launch by launch, in the bytes of `renderer`; nil for CSV with profiles, whose columns all launches
    /// decide together.
    /// - Parameters:
    ///   - trace: its launches are those that come.
    ///   - temporaryDirectory: where a file may lie for what stands behind the table of all launches.
    package static func writer(
        for format: OutputFormat, trace: TraceSummary, temporaryDirectory: String?, write: @escaping TextSink
    ) -> (any LaunchWriter<LaunchSummary>)? {
        switch format {
        case .text: InspectTextWriter(trace, temporaryDirectory: temporaryDirectory, write: write)
        case .json: InspectJSONWriter(trace, write: write)
        case .csv: trace.processorCount == nil ? InspectCSVWriter(trace, buckets: 0, write: write) : nil
        }
    }
}
