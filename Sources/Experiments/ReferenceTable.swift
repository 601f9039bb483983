import Content

/// A measured table: CSV with a header line, every value kept as text.
package struct ReferenceTable: Sendable {
    /// Where the table came from, for messages.
    package let name: String
    package let columns: [String]
    package let rows: [ReferenceRow]

    /// Parses RFC 4180 text: commas, double quotes, CRLF or LF.
    /// - Throws: `ReferenceError` with file, line, cause and cure.
    package init(text: String, name: String) throws(ReferenceError) {
        self.name = name
        var lines = Self.records(text)
        guard let header = lines.first, header.fields.count > 1 else {
            throw ReferenceError(file: name, line: 1, cause: "no header line", cure: "give a CSV whose first line names the columns")
        }
        lines.removeFirst()
        columns = header.fields
        var position: [String: Int] = [:]
        for (index, column) in header.fields.enumerated() {
            guard position.updateValue(index, forKey: column) == nil else {
                throw ReferenceError(file: name, line: 1, cause: "column '\(column)' stands twice", cure: "remove one")
            }
        }
        var rows: [ReferenceRow] = []
        for line in lines {
            guard line.fields.count == header.fields.count else {
                throw ReferenceError(
                    file: name, line: line.number, cause: "\(line.fields.count) values for \(header.fields.count) columns",
                    cure: "give every row as many values as the header has")
            }
            rows.append(ReferenceRow(file: name, line: line.number, positions: position, fields: line.fields))
        }
        self.rows = rows
    }

    /// Reads a file as UTF-8.
    package init(path: String) throws(ReferenceError) {
        let text: String
        do {
            text = try PlainText.read(path: path, wanted: "a table in CSV")
        } catch {
            throw ReferenceError(file: path, line: 0, cause: error.cause, cure: error.cure)
        }
        try self.init(text: text, name: path)
    }

    private static func records(_ text: String) -> [(number: Int, fields: [String])] {
        var result: [(number: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var quoted = false
        var number = 1
        var start = 1
        var previousWasQuote = false
        func endRecord() {
            fields.append(field)
            if fields.count > 1 || !(fields[0].isEmpty) { result.append((start, fields)) }
            fields = []
            field = ""
        }
        for character in text {
            if quoted {
                if character == "\"" {
                    quoted = false
                    previousWasQuote = true
                } else {
                    field.append(character)
                    if character.isNewline { number += 1 }
                }
                continue
            }
            switch character {
            case "\"":
                if previousWasQuote { field.append("\"") }
                quoted = true
            case ",":
                fields.append(field)
                field = ""
            case "\n", "\r\n", "\r":
                number += 1
                endRecord()
                start = number
            default: field.append(character)
            }
            previousWasQuote = false
        }
        if !field.isEmpty || !fields.isEmpty { endRecord() }
        return result
    }
}

/// One row of a measured table.
package struct ReferenceRow: Sendable {
    package let file: String
    package let line: Int
    let positions: [String: Int]
    let fields: [String]

    /// The value of `column`, or nil where the table has no such column or the value is empty.
    package func text(_ column: String) -> String? {
        guard let position = positions[column], !fields[position].isEmpty else { return nil }
        return fields[position]
    }

    /// The number in `column`, or nil where there is none.
    package func number(_ column: String) -> Double? { text(column).flatMap { Double($0) } }

    /// The text in `column`.
    /// - Throws: `ReferenceError` where it is missing.
    package func required(_ column: String) throws(ReferenceError) -> String {
        guard let value = text(column) else {
            throw ReferenceError(file: file, line: line, cause: "no value for '\(column)'", cure: "add the column")
        }
        return value
    }

    /// The number in `column`.
    /// - Throws: `ReferenceError` where it is missing or no number.
    package func requiredNumber(_ column: String) throws(ReferenceError) -> Double {
        let value = try required(column)
        guard let number = Double(value), number.isFinite else {
            throw ReferenceError(file: file, line: line, cause: "'\(column)' is '\(value)'", cure: "give a number")
        }
        return number
    }

    /// The positive whole number in `column`.
    /// - Throws: `ReferenceError` where it is missing or anything else.
    package func requiredCount(_ column: String) throws(ReferenceError) -> Int {
        let value = try required(column)
        guard let number = Int(value), number > 0, number < 1 << 40 else {
            throw ReferenceError(file: file, line: line, cause: "'\(column)' is '\(value)'", cure: "give a positive whole number")
        }
        return number
    }
}

/// What is wrong with a measured table.
package struct ReferenceError: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let cause: String
    package let cure: String

    package var description: String {
        (line > 0 ? "\(file):\(line): \(cause): \(cure)" : "\(file): \(cause): \(cure)").asMessage
    }
}
