/// Renders one kind of result in one format.
package protocol Renderer<Result>: Sendable {
    associatedtype Result
    /// The result as text that ends with a line end.
    func render(_ result: Result) -> String
}
