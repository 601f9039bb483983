/// A result that can be shown in every format.
package protocol Reportable {
    /// The renderers of the result.
    static var renderers: Renderers<Self> { get }
}

/// The renderers of one kind of result.
package struct Renderers<Result> {
    let text: any Renderer<Result>
    let json: any Renderer<Result>
    let csv: any Renderer<Result>

    func renderer(for format: OutputFormat) -> any Renderer<Result> { format.choose(text: text, json: json, csv: csv) }
}

extension Reportable {
    /// The result in a format, as text that ends with a line end.
    package func report(as format: OutputFormat) -> String { Self.renderers.renderer(for: format).render(self) }
}

extension OutputFormat {
    /// The choice among three that belongs to this format. The other two are not made.
    func choose<Choice>(
        text: @autoclosure () -> Choice, json: @autoclosure () -> Choice, csv: @autoclosure () -> Choice
    ) -> Choice {
        switch self {
        case .text: text()
        case .json: json()
        case .csv: csv()
        }
    }
}
