import Content

import Trace

/// A table for people. Columns are as wide as their widest cell. The first columns are left-aligned, numbers
/// right-aligned. Control characters in cells, as names in traces may have, become escapes.
///
/// A table that is wider than `width` gets headings of two lines, then shorter names, and in the end is continued
/// below itself (`TableLayout`).
package struct TextTable: Sendable {
    /// The side on which a column's cells stand.
    package enum Alignment: Sendable {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    /// The most characters of a line; nil for any number.
    private let width: Int?
    /// Bytes of all cells one behind the other, and the end of each cell. A table may have a hundred thousand rows.
    private var cells: [UInt8] = []
    private var ends: [Int] = []
    /// Characters of each column's widest cell.
    private var widths: [Int]
    /// Rows before which a rule is drawn.
    private var rules: Set<Int> = []

    package init(columns: [(title: String, alignment: Alignment)], width: Int? = TextWidth.columns) {
        self.columns = columns.map { ($0.title.asPrintable, $0.alignment) }
        self.width = width
        widths = self.columns.map { _ in 0 }
    }

    private var rowCount: Int { columns.isEmpty ? 0 : ends.count / columns.count }

    /// - Precondition: one cell per column.
    package mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "a row has one cell for each column")
        for (column, text) in row.enumerated() {
            let cell = text.asPrintable
            cells.append(contentsOf: cell.utf8)
            ends.append(cells.count)
            widths[column] = max(widths[column], cell.count)
        }
    }

    /// Draws a rule below the rows so far.
    package mutating func appendRule() { rules.insert(rowCount) }

    /// The table with a line end after every line and without spaces at line ends.
    package var text: String {
        String(writing: { try write(to: $0) })
    }

    /// Writes the table's text. Headings and the rule below them are one piece, and each row is one.
    /// - Parameter hidden: the number of columns at the end that are left out.
    func write(to sink: TextSink, without hidden: Int = 0) throws {
        let shown = columns.count - hidden
        let layout = TableLayout(
            columns: columns.prefix(shown).map { ($0.title, $0.alignment == .left) },
            cells: Array(widths.prefix(shown)), width: width)
        for (index, part) in layout.parts.enumerated() {
            let rule = String(repeating: "-", count: layout.width(of: part)) + "\n"
            if index > 0 { try sink("\n") }
            try sink(layout.headings(of: part).map { line($0, part, layout) }.joined() + rule)
            for row in 0..<rowCount {
                if rules.contains(row) { try sink(rule) }
                try sink(line(part.map { TableLayout.cut(cell(row, $0), to: layout.widths[$0]) }, part, layout))
            }
        }
    }

    private func cell(_ row: Int, _ column: Int) -> String {
        let index = row * columns.count + column
        return String(decoding: cells[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }

    private func line(_ cells: [String], _ part: [Int], _ layout: TableLayout) -> String {
        var result = ""
        for (index, (cell, column)) in zip(cells, part).enumerated() {
            let padding = String(repeating: " ", count: max(0, layout.widths[column] - cell.count))
            result += (index > 0 ? "  " : "") + (columns[column].alignment == .left ? cell + padding : padding + cell)
        }
        while result.last == " " { result.removeLast() }
        return result + "\n"
    }
}
