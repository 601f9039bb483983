import Experiments

/// Something that shows one kind of result in one format.
package protocol Renderer<Result>: Sendable {
    associatedtype Result
    /// The result as text that ends with a line end.
    func render(_ result: Result) -> String
}

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
