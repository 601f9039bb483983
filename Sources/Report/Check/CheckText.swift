import Validation

/// Each difference on a line, then `N launches, M differ`. A digest that cannot be compared counts as different.
package struct CheckText: Renderer {
    package init() {}

    package func render(_ outcomes: [CheckOutcome]) -> String {
        var lines = outcomes.flatMap(\.lines)
        lines.append("\(outcomes.count) launches, \(outcomes.count { !$0.agrees }) differ")
        return lines.map { $0 + "\n" }.joined()
    }
}
