import Experiments

/// The renderer of searches of tilings for each format.
package enum TuneRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<TilingSearch> {
        switch format {
        case .text: TuneText()
        case .json: TuneJSON()
        case .csv: TuneCSV()
        }
    }
}
