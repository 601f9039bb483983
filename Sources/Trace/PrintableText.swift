extension Unicode.Scalar {
    /// Whether it shows as itself on a terminal, in a page and in a table: no control character, no separator of lines and
    /// nothing that only changes how other characters look, such as the overrides of the direction of writing.
    package var isPrintable: Bool {
        if value < 0x7f { return value >= 0x20 }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

extension String {
    /// Most characters of a message; what quotes more of a trace loses its middle.
    private static let messageCharacters = 2000

    /// This text on one line that no terminal takes for a command: what is not printable stands as an escape such as `\u{1B}`.
    package var asPrintable: String { escaped(keepingLines: false) }

    /// As `asPrintable`, with the line feeds left as they are.
    package var asPrintableLines: String { escaped(keepingLines: true) }

    /// This text as one line for people, printable and no longer than a message should be.
    package var asMessage: String {
        let line = asPrintable
        guard line.count > Self.messageCharacters else { return line }
        return line.prefix(Self.messageCharacters - 500) + " ... " + line.suffix(500)
    }

    private func escaped(keepingLines: Bool) -> String {
        func stays(_ scalar: Unicode.Scalar) -> Bool { scalar.isPrintable || keepingLines && scalar == "\n" }
        guard !unicodeScalars.allSatisfy(stays) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if stays(scalar) { result.unicodeScalars.append(scalar) } else { result += scalar.escaped(asASCII: true) }
        }
        return result
    }
}
