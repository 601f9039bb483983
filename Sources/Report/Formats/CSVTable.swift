/// Rows under named columns as CSV (RFC 4180, line feeds): fields with commas, quotes or line ends are quoted.
package struct CSVTable: Sendable {
    private let columns: [String]
    private var rows: [[String]] = []

    package init(columns: [String]) {
        self.columns = columns
    }

    /// - Precondition: one field a column.
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
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
