/// The formats of results.
package enum OutputFormat: String, CaseIterable, Sendable {
    /// Tables for people.
    case text
    /// Every counter, with names that do not change.
    case json
    /// One row per launch, with a column for every counter.
    case csv
}
