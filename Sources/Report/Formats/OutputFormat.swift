/// The formats that results come in.
package enum OutputFormat: String, CaseIterable, Sendable {
    /// Tables for people.
    case text
    /// Every counter, with names that do not change.
    case json
    /// One row a launch, every counter a column.
    case csv
}
