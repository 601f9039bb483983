extension FileKind {
    /// The mark with which some editors begin UTF-8 text.
    package static let utf8Mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The reason why the first bytes of a file are no text in UTF-8 or ASCII: a signature, another encoding, or bytes
    /// that no text has. Nil where nothing speaks against text. A mark of UTF-8 at the beginning speaks for it.
    package static func notText(_ head: [UInt8]) -> FileKind? {
        if head.starts(with: utf8Mark) { return nil }
        return encoding(head) ?? signed(head) ?? (isBinary(head) ? FileKind("binary data") : nil)
    }

    /// The kind of text that the first bytes are, where it is easily told (JSON, HTML, XML and the like); nil for
    /// others.
    /// - Parameter head: bytes for which `notText` is nil.
    package static func ofText(_ head: [UInt8]) -> FileKind? {
        let bytes = head.starts(with: utf8Mark) ? head.dropFirst(3) : head[...]
        let text = String(decoding: bytes.prefix(headBytes), as: UTF8.self)
        let trimmed = text.drop(while: \.isWhitespace)
        guard let first = trimmed.first else { return FileKind(head.isEmpty ? "an empty file" : "blank") }
        let start = trimmed.prefix(64).lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return FileKind("an HTML page") }
        if start.hasPrefix("<?xml") || first == "<" { return FileKind("XML") }
        if start.hasPrefix("version https://git-lfs") {
            return FileKind(
                "a pointer of Git LFS, which stands for a file that was not fetched ('git lfs pull' fetches it)")
        }
        if start.hasPrefix("#!") { return FileKind("a script") }
        if isJSON(trimmed) {
            return FileKind(trimmed.hasPrefix("{\"key\":") ? "JSON, such as a sweep's results" : "JSON")
        }
        let lines = trimmed.split(whereSeparator: \.isNewline).prefix(200)
        if lines.contains(where: { $0.hasPrefix("preset:") }) {
            return FileKind("a machine file (YAML), which --machine reads")
        }
        if isCSV(lines) { return FileKind("a CSV table") }
        return nil
    }

    /// Whether the text begins and goes on as an object, or as an array of objects, arrays, strings or numbers.
    private static func isJSON(_ text: Substring) -> Bool {
        var rest = text[...]
        var opened = 0
        while let first = rest.first, first == "[" || first == "{" {
            opened += 1
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            if first == "{" { return rest.isEmpty || rest.first == "\"" || rest.first == "}" }
        }
        guard opened > 0, let next = rest.first else { return opened > 0 }
        return next == "\"" || next == "]" || next == "-" || next.isNumber || ["t", "f", "n"].contains(next)
    }

    /// Whether the first line holds names between commas, and the next lines have as many commas.
    private static func isCSV(_ lines: ArraySlice<Substring>) -> Bool {
        guard let header = lines.first(where: { !$0.hasPrefix("#") }) else { return false }
        let commas = header.count { $0 == "," }
        let names = header.split(separator: ",", omittingEmptySubsequences: false)
        guard commas >= 1, names.allSatisfy({ $0.first?.isLetter == true || $0.first == "\"" || $0.first == "_" })
        else { return false }
        let rows = lines.drop { $0 != header }.dropFirst().dropLast()
        return rows.prefix(20).allSatisfy { row in row.count { $0 == "," } >= commas }
    }

    /// UTF-16 or UTF-32, told by their marks or by the zeros between the letters.
    package static func encoding(_ head: [UInt8]) -> FileKind? {
        func kind(_ name: String) -> FileKind { FileKind("text in \(name)", .pipe("iconv -f \(name) -t UTF-8")) }
        if head.starts(with: [0xFF, 0xFE, 0, 0]) { return kind("UTF-32") }
        if head.starts(with: [0, 0, 0xFE, 0xFF]) { return kind("UTF-32") }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return kind("UTF-16") }
        let bytes = head.prefix(512)
        if hasLetters(bytes, every: 4, at: 0) { return kind("UTF-32LE") }
        if hasLetters(bytes, every: 4, at: 3) { return kind("UTF-32BE") }
        if hasLetters(bytes, every: 2, at: 0) { return kind("UTF-16LE") }
        if hasLetters(bytes, every: 2, at: 1) { return kind("UTF-16BE") }
        return nil
    }

    /// Whether nearly all units of `width` bytes have a character of ASCII text at `place` and zeros elsewhere.
    private static func hasLetters(_ bytes: ArraySlice<UInt8>, every width: Int, at place: Int) -> Bool {
        let units = bytes.count / width
        guard units >= 2 else { return false }
        let letters = (0..<units).count { unit in
            (0..<width).allSatisfy { offset in
                let byte = bytes[bytes.startIndex + unit * width + offset]
                return offset == place ? (32...126).contains(byte) || (9...13).contains(byte) : byte == 0
            }
        }
        return letters * 10 >= units * 9
    }

    /// Whether at least four bytes, and more than one in ten, are bytes that texts do not have. These are control
    /// characters other than blanks, line ends and escapes. Of zeros, one in fifty is enough.
    private static func isBinary(_ head: [UInt8]) -> Bool {
        let bytes = head.prefix(headBytes)
        let strange = bytes.count { byte in byte < 32 && !(8...13).contains(byte) && byte != 27 }
        let zeros = bytes.count { $0 == 0 }
        return strange >= 4 && strange * 10 > bytes.count || zeros >= 4 && zeros * 50 > bytes.count
    }
}
