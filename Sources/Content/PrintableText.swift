extension Unicode.Scalar {
    /// Whether a terminal shows this character as one character and does nothing else.
    package var isShown: Bool {
        switch properties.generalCategory {
        case .spaceSeparator: self == " "
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

extension String {
    /// Most characters of a message. A message that quotes more of an input loses its middle.
    private static let messageCharacters = 2000

    /// This text on one line that no terminal takes for a command. Characters that are not shown become escapes such as
    /// `\u{1B}`.
    package var asPrintable: String { escaped(keepingLines: false) }

    /// As `asPrintable`, but line feeds stay.
    package var asPrintableLines: String { escaped(keepingLines: true) }

    private func escaped(keepingLines: Bool) -> String {
        func stays(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x7F ? scalar.value >= 0x20 || keepingLines && scalar == "\n" : scalar.isShown
        }
        guard !unicodeScalars.allSatisfy(stays) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if stays(scalar) { result.unicodeScalars.append(scalar) } else { result += scalar.escaped(asASCII: true) }
        }
        return result
    }

    /// This text as one line for people. It is printable and no longer than a message should be.
    package var asMessage: String {
        let line = asPrintable
        guard line.count > Self.messageCharacters else { return line }
        return line.prefix(Self.messageCharacters - 500) + " ... " + line.suffix(500)
    }

    /// Bytes that were found in an input, as text for people. Bytes that no terminal shows and bytes that are no UTF-8
    /// become escapes. The text is cut after `limit` characters.
    package init(found bytes: some Collection<UInt8>, limit: Int = 60) {
        var text = ""
        var rest = Array(bytes.prefix(limit * 4))[...]
        var shown = 0
        while let first = rest.first, shown < limit {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if let character = String(validating: rest.prefix(length), as: UTF8.self),
                let scalar = character.unicodeScalars.first,
                character.unicodeScalars.count == 1
            {
                text += scalar.isShown ? character : scalar.escaped(asASCII: true)
                rest = rest.dropFirst(length)
            } else {
                let digits = String(first, radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
                rest = rest.dropFirst()
            }
            shown += 1
        }
        self = text + (rest.isEmpty && bytes.count <= limit * 4 ? "" : "...")
    }

    /// Text that was found in an input, as text for people. The rules are those of `init(found:limit:)` for bytes.
    package init(found text: some StringProtocol, limit: Int = 60) {
        self.init(found: Array(text.utf8.prefix(limit * 4 + 4)), limit: limit)
    }
}
