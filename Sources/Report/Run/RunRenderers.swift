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

    /// The renderer of runs through plain caches for each format.
    package static func plainRenderer(for format: OutputFormat) -> any Renderer<PlainRunResult> {
        switch format {
        case .text: PlainRunText()
        case .json: PlainRunJSON()
        case .csv: PlainRunCSV()
        }
    }
}
