import Experiments

/// The renderer of runs for each format.
package enum RunRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<RunResult> {
        switch format {
        case .text: RunText()
        case .json: RunJSON()
        case .csv: RunCSV()
        }
    }
}
