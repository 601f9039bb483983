/// How a table of given columns fits a width: the lines of its headings, the columns' widths, and the parts in which it
/// stands one below the other. Each part begins with the columns that name a row.
struct TableLayout {
    /// The least width to which a column of names is cut.
    private static let leastNames = 16
    /// The least share of the width that columns of names leave to the others, in parts of the width.
    private static let namesShare = 2

    /// Width of each column.
    private(set) var widths: [Int]
    /// The columns of each part, by number.
    private(set) var parts: [[Int]]
    private var titles: [[String]]

    /// - Parameters:
    ///   - columns: the titles, and whether a column has names, which may be cut.
    ///   - cells: characters of each column's widest cell.
    ///   - width: the most characters of a line; nil for any number.
    init(columns: [(title: String, isName: Bool)], cells: [Int], width: Int?) {
        let all = Array(columns.indices)
        let single = zip(columns, cells).map { max($0.title.count, $1) }
        (widths, parts, titles) = (single, [all], columns.map { [$0.title] })
        guard let width, self.width(of: all) > width else { return }
        titles = zip(columns, cells).map { Self.lines(of: $0.title, beside: $1) }
        widths = zip(titles, cells).map { lines, cell in max(cell, lines.map(\.count).max() ?? 0) }
        let titleWidths = titles.map { $0.map(\.count).max() ?? 0 }
        func cutNames(among candidates: [Int], to most: Int) {
            while self.width(of: candidates) > most {
                let names = candidates.filter {
                    columns[$0].isName && widths[$0] > max(Self.leastNames, titleWidths[$0])
                }
                guard let widest = names.max(by: { widths[$0] < widths[$1] }) else { return }
                widths[widest] -= 1
            }
        }
        let whole = widths
        cutNames(among: all, to: width)
        if self.width(of: all) <= width { return }
        // Too wide even so: the first columns of names stand in each part.
        widths = whole
        let keys = Array(all.prefix(max(1, min(2, columns.prefix { $0.isName }.count))))
        cutNames(among: keys, to: width / Self.namesShare)
        parts = []
        var part = keys
        for column in all.dropFirst(keys.count) {
            cutNames(among: keys + [column], to: width)
            if part.count > keys.count, self.width(of: part + [column]) > width {
                parts.append(part)
                part = keys
            }
            part.append(column)
        }
        parts.append(part)
    }

    /// Width of a part, with two blanks between columns.
    func width(of part: [Int]) -> Int { part.reduce(0) { $0 + widths[$1] } + 2 * max(0, part.count - 1) }

    /// The lines of a part's headings. Titles with fewer lines stand at the bottom.
    func headings(of part: [Int]) -> [[String]] {
        let count = part.map { titles[$0].count }.max() ?? 0
        return (0..<count).map { line in
            part.map { column in
                let index = line - (count - titles[column].count)
                return index < 0 ? "" : titles[column][index]
            }
        }
    }

    /// A text of at most `width` characters: the middle of a longer one becomes an ellipsis.
    static func cut(_ text: String, to width: Int) -> String {
        guard text.utf8.count > width, text.count > width else { return text }
        let end = width / 2
        return text.prefix(max(0, width - end - 1)) + "…" + text.suffix(end)
    }

    /// A title on at most two lines, as narrow as it gets beside cells of a width.
    private static func lines(of title: String, beside cell: Int) -> [String] {
        let words = title.split(separator: " ").map(String.init)
        guard title.count > cell, words.count > 1 else { return [title] }
        let breaks = (1..<words.count).map {
            [words.prefix($0).joined(separator: " "), words.dropFirst($0).joined(separator: " ")]
        }
        return breaks.min { ($0.map(\.count).max() ?? 0) < ($1.map(\.count).max() ?? 0) } ?? [title]
    }
}
