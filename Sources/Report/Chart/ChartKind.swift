/// The charts of one kind of result. The raw value is the name in `--chart NAME=FILE`. The first case is the chart
/// without a name.
package protocol ChartKind: RawRepresentable<String>, CaseIterable {
    associatedtype Result
    /// Where these charts are, behind "there is no chart NAME".
    static var place: String { get }
    func specification(of result: Result) -> ChartSpecification
}

extension ChartKind {
    package static var place: String { "here" }
}
