import Experiments

/// The renderer of miss-ratio curves for each format.
package enum CurveRenderers {
    package static func renderer(for format: OutputFormat) -> any Renderer<CurveResult> {
        switch format {
        case .text: CurveText()
        case .json: CurveJSON()
        case .csv: CurveCSV()
        }
    }
}

extension CurveResult {
    /// Sectors or lines that all launches together ask for.
    var accesses: UInt64 { launches.reduce(0) { $0 + $1.total.accesses } }
}
