import Experiments

/// The renderer of golden checks for each format.
package enum CheckRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<[CheckOutcome]> {
        switch format {
        case .text: CheckText()
        case .json: CheckJSON()
        case .csv: CheckCSV()
        }
    }
}
