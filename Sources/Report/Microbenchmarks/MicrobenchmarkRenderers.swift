import Experiments

/// The renderer of microbenchmarks for each format.
package enum MicrobenchmarkRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<MicrobenchmarkResult> {
        switch format {
        case .text: MicrobenchmarkText()
        case .json: MicrobenchmarkJSON()
        case .csv: MicrobenchmarkCSV()
        }
    }
}
