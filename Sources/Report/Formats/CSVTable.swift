import Content
import Trace

/// Rows under named columns as CSV (RFC 4180, line feeds). Fields with commas or quotes are quoted. So are texts that a
/// spreadsheet could take for a formula. Control characters, including line ends, become escapes such as `\u{1B}`.
package struct CSVTable: Sendable {
    private let columns: [String]
    private var rows: [[String]] = []

    package init(columns: [String]) {
        self.columns = columns
    }

    /// - Precondition: one field per column.
    package mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "a row has one field for each column")
        rows.append(row)
    }

    /// The table with its header and a line end after every line.
    package var text: String {
        ([columns] + rows).map(Self.line).joined()
    }

    /// A row's fields with a line end.
    static func line(_ row: [String]) -> String { row.map(field).joined(separator: ",") + "\n" }

    private static func field(_ text: String) -> String {
        let text = text.asPrintable
        let isFormula = text.first.map { "=+-@".contains($0) } == true && Double(text) == nil
        guard isFormula || text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
