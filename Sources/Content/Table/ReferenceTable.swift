import Foundation

/// A measured table: CSV with a header line. Every value is kept as text.
package struct ReferenceTable: Sendable {
    /// Greatest length of a file in bytes.
    private static let maximumBytes = 64 << 20

    /// The origin of the table, for messages.
    package let name: String
    package let columns: [String]
    package let rows: [ReferenceRow]

    /// Parses RFC 4180 text: commas, double quotes, CRLF or LF. It skips a byte order mark at the start.
    /// - Parameter leastColumns: the least number of columns. A text with fewer is taken for one without header. A list
    ///   of points may have one column.
    /// - Throws: `ReferenceError` with file, line, cause and cure.
    package init(text: String, name: String, leastColumns: Int = 2) throws(ReferenceError) {
        self.name = name
        var records = try CSVRecord.all(in: text, file: name)
        guard let header = records.first, header.fields.count >= leastColumns else {
            throw ReferenceError(
                file: name, line: 1, cause: "no header line", cure: "give a CSV whose first line names the columns")
        }
        records.removeFirst()
        columns = header.fields
        var position: [String: Int] = [:]
        for (index, column) in header.fields.enumerated() {
            guard position.updateValue(index, forKey: column) == nil else {
                throw ReferenceError(
                    file: name, line: header.line,
                    cause: "column '\(column)' stands twice, the second time as column \(index + 1)",
                    cure: "remove one")
            }
        }
        var rows: [ReferenceRow] = []
        for record in records {
            guard record.fields.count == header.fields.count else {
                throw ReferenceError(
                    file: name, line: record.line,
                    cause: "\(record.fields.count) values for \(header.fields.count) columns",
                    cure: "give every row as many values as the header has")
            }
            rows.append(ReferenceRow(file: name, line: record.line, positions: position, fields: record.fields))
        }
        self.rows = rows
    }

    /// Reads a file as UTF-8.
    package init(path: String, leastColumns: Int = 2) throws(ReferenceError) {
        let text: String
        do {
            text = try PlainText.read(path: path, wanted: "a table in CSV", limit: Self.maximumBytes)
        } catch {
            throw ReferenceError(file: path, line: 0, cause: error.cause, cure: error.cure)
        }
        try self.init(text: text, name: path, leastColumns: leastColumns)
    }

    /// A file's bytes, if there are no more than `most`.
    package static func contents(ofFile path: String, most: Int) throws(ReferenceError) -> Data {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ReferenceError(
                file: path, line: 0, cause: "the file cannot be read", cure: "check the path and its permissions")
        }
        let data: Data
        do {
            data = try handle.read(upToCount: most + 1) ?? Data()
        } catch {
            throw ReferenceError(file: path, line: 0, cause: "reading failed", cure: "give a file, not a folder")
        }
        guard data.count <= most else {
            throw ReferenceError(file: path, line: 0, cause: "longer than \(most) bytes", cure: "divide it")
        }
        return data
    }
}
