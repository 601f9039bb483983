/// A launch of an operator that makes many like it, on other parts of its tensors.
package protocol RepeatedLaunch {
    /// Launches with equal keys do the same work on other bytes.
    var workKey: [Int] { get }
}
