import Trace

/// A table for people: columns as wide as their widest cell, the first ones left-aligned, numbers right-aligned. Cells that hold
/// control characters, as names in traces may, show them as escapes.
package struct TextTable: Sendable {
    /// Which side a column's cells stand on.
    package enum Alignment: Sendable {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []
    /// Rows before which a rule is drawn.
    private var rules: Set<Int> = []

    package init(columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns.map { ($0.title.asPrintable, $0.alignment) }
    }

    /// - Precondition: one cell a column.
    package mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "a row has one cell for each column")
        rows.append(row.map(\.asPrintable))
    }

    /// Draws a rule below the rows so far.
    package mutating func appendRule() { rules.insert(rows.count) }

    /// The table with a line end after every line and no spaces at line ends.
    package var text: String {
        let widths = columns.indices.map { column in
            (rows.map { $0[column].count } + [columns[column].title.count]).max() ?? 0
        }
        let rule = String(repeating: "-", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1)) + "\n"
        var result = line(columns.map(\.title), widths: widths) + rule
        for (index, row) in rows.enumerated() {
            if rules.contains(index) { result += rule }
            result += line(row, widths: widths)
        }
        return result
    }

    private func line(_ cells: [String], widths: [Int]) -> String {
        var result = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - cell.count)
            result += (index > 0 ? "  " : "") + (columns[index].alignment == .left ? cell + padding : padding + cell)
        }
        while result.last == " " { result.removeLast() }
        return result + "\n"
    }
}
