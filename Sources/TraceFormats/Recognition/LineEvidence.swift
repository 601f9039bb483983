/// What the lines of a text say about the formats that it may have. Each line is asked on its own.
struct LineEvidence {
    let line: ArraySlice<UInt8>
    /// The line between blanks and tabs.
    let tokens: [ArraySlice<UInt8>]

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        tokens = line.split { $0.isBlank || $0 == UInt8(ascii: "\r") }
    }

    var isBlank: Bool { tokens.isEmpty }

    func isWord(_ token: ArraySlice<UInt8>, of words: [String]) -> Bool { words.contains { token.elementsEqual($0.utf8) } }

    func isDecimal(_ token: ArraySlice<UInt8>) -> Bool { !token.isEmpty && token.allSatisfy(\.isDigit) }

    func isHexadecimal(_ token: ArraySlice<UInt8>) -> Bool {
        let digits = token.starts(with: "0x".utf8) || token.starts(with: "0X".utf8) ? token.dropFirst(2) : token
        return !digits.isEmpty && digits.count <= 16 + 8 && digits.allSatisfy(\.isHexadecimalDigit)
    }

    /// Decimal, or hexadecimal with `0x`.
    func isNumber(_ token: ArraySlice<UInt8>) -> Bool {
        isDecimal(token) || (token.starts(with: "0x".utf8) || token.starts(with: "0X".utf8)) && isHexadecimal(token)
    }

    func contains(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Bool {
        let count = text.utf8CodeUnitCount
        let first = text.utf8Start[0]
        var rest = bytes
        while let place = rest.firstIndex(of: first) {
            rest = rest[place...]
            guard rest.count >= count else { return false }
            if rest.starts(with: UnsafeBufferPointer(start: text.utf8Start, count: count)) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
