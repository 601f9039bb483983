/// The charts of one kind of result; the raw value is the name in `--chart NAME=FILE`, the first case the one without a
/// name.
package protocol ChartKind: RawRepresentable<String>, CaseIterable {
    associatedtype Result
    func specification(of result: Result) -> ChartSpecification
}
