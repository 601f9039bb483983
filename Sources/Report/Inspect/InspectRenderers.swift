import Experiments

/// The renderer of inspected traces for each format.
package enum InspectRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<TraceSummary> {
        switch format {
        case .text: InspectText()
        case .json: InspectJSON()
        case .csv: InspectCSV()
        }
    }
}
