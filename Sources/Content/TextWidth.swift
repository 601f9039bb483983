/// The width of text for people.
package enum TextWidth {
    /// The most characters of a line of any default output.
    package static let columns = 100
}

extension String {
    /// This text with lines of at most `width` characters. Longer lines are broken at spaces; what follows is indented
    /// by two more than the line. Words longer than a line stay whole.
    package func wrappedLines(to width: Int = TextWidth.columns) -> String {
        let lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.contains(where: { $0.count > width }) else { return self }
        return lines.map { line in
            let text = String(line) ?? ""
            return text.count > width ? text.wrappedLine(to: width) : text
        }.joined(separator: "\n")
    }

    private func wrappedLine(to width: Int) -> String {
        let indent = prefix { $0 == " " }.count
        let words = split(separator: " ")
        var result = String(repeating: " ", count: indent)
        var used = indent
        var isFirst = true
        for word in words {
            if !isFirst, used + 1 + word.count > width {
                result += "\n" + String(repeating: " ", count: indent + 2) + word
                used = indent + 2 + word.count
            } else {
                result += (isFirst ? "" : " ") + word
                used += (isFirst ? 0 : 1) + word.count
            }
            isFirst = false
        }
        return result
    }

    /// This text with the headings of its tables in bold, for a terminal. Headings are the lines above a table's first
    /// rule of dashes.
    package var withBoldHeadings: String {
        guard contains("---") else { return self }
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var start = 0
        var isHeaded = false
        for index in lines.indices {
            let line = lines[index]
            if line.isEmpty {
                (start, isHeaded) = (index + 1, false)
            } else if !isHeaded, line.count >= 3, line.allSatisfy({ $0 == "-" }) {
                for heading in start..<index { lines[heading] = "\u{1B}[1m" + lines[heading] + "\u{1B}[0m" }
                isHeaded = true
            }
        }
        return lines.joined(separator: "\n")
    }
}
