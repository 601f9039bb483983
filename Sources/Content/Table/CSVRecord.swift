/// One record of a CSV text. Quoted fields may hold line ends.
struct CSVRecord: Equatable {
    /// The line on which it begins, from 1.
    let line: Int
    let fields: [String]

    /// All records that are not empty.
    /// - Throws: `ReferenceError` for a quoted field without an end.
    static func all(in text: String, file: String) throws(ReferenceError) -> [CSVRecord] {
        var records: [CSVRecord] = []
        var fields: [String] = []
        var field = ""
        var quoteStart: Int?
        var line = 1
        var start = 1
        var previousWasQuote = false
        func endRecord() {
            fields.append(field)
            if fields.count > 1 || !fields[0].isEmpty { records.append(CSVRecord(line: start, fields: fields)) }
            fields = []
            field = ""
        }
        for character in text.first == "\u{FEFF}" ? text.dropFirst() : text[...] {
            if quoteStart != nil {
                if character == "\"" {
                    quoteStart = nil
                    previousWasQuote = true
                } else {
                    field.append(character)
                    if character.isNewline { line += 1 }
                }
                continue
            }
            switch character {
            case "\"":
                if previousWasQuote { field.append("\"") }
                quoteStart = line
            case ",":
                fields.append(field)
                field = ""
            case "\n", "\r\n", "\r":
                line += 1
                endRecord()
                start = line
            default: field.append(character)
            }
            previousWasQuote = false
        }
        if let quoteStart {
            throw ReferenceError(
                file: file, line: quoteStart, cause: "a quoted value has no end", cure: "close it with '\"'")
        }
        if !field.isEmpty || !fields.isEmpty { endRecord() }
        return records
    }
}
