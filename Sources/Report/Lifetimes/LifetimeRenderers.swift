import Experiments

/// The renderer of lifetime comparisons for each format.
package enum LifetimeRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<LifetimeComparison> {
        switch format {
        case .text: LifetimeText()
        case .json: LifetimeJSON()
        case .csv: LifetimeCSV()
        }
    }
}
