extension String {
    /// Most characters of a message; what quotes more of a trace loses its middle.
    private static let messageCharacters = 2000

    /// This text as one line for people: control characters and separators of lines, which names in traces may hold, as
    /// escapes, and no longer than a message should be.
    package var asMessage: String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        let line = unicodeScalars.allSatisfy(isPlain)
            ? self : unicodeScalars.map { isPlain($0) ? String($0) : $0.escaped(asASCII: true) }.joined()
        guard line.count > Self.messageCharacters else { return line }
        return line.prefix(Self.messageCharacters - 500) + " ... " + line.suffix(500)
    }
}
