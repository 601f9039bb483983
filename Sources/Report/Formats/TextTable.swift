import Content

import Trace

/// A table for people. Columns are as wide as their widest cell. The first columns are left-aligned, numbers
/// right-aligned. Control characters in cells, as names in traces may have, become escapes.
package struct TextTable: Sendable {
    /// The side on which a column's cells stand.
    package enum Alignment: Sendable {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    /// Bytes of all cells one behind the other, and the end of each cell. A table may have a hundred thousand rows.
    private var cells: [UInt8] = []
    private var ends: [Int] = []
    /// Characters of each column's widest cell.
    private var widths: [Int]
    /// Rows before which a rule is drawn.
    private var rules: Set<Int> = []

    package init(columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns.map { ($0.title.asPrintable, $0.alignment) }
        widths = self.columns.map(\.title.count)
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

    /// Writes the table's text line by line.
    /// - Parameter hidden: the number of columns at the end that are left out.
    func write(to sink: TextSink, without hidden: Int = 0) throws {
        let shown = columns.count - hidden
        let rule = String(repeating: "-", count: widths.prefix(shown).reduce(0, +) + 2 * max(0, shown - 1)) + "\n"
        try sink(line(columns.prefix(shown).map(\.title)) + rule)
        for row in 0..<rowCount {
            if rules.contains(row) { try sink(rule) }
            try sink(line(cells(ofRow: row, shown: shown)))
        }
    }

    private func cells(ofRow row: Int, shown: Int) -> [String] {
        (row * columns.count..<row * columns.count + shown).map { cell in
            String(decoding: cells[(cell == 0 ? 0 : ends[cell - 1])..<ends[cell]], as: UTF8.self)
        }
    }

    private func line(_ cells: [String]) -> String {
        var result = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - cell.count)
            result += (index > 0 ? "  " : "") + (columns[index].alignment == .left ? cell + padding : padding + cell)
        }
        while result.last == " " { result.removeLast() }
        return result + "\n"
    }
}
