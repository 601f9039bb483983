/// A line of a text as evidence about the text's format. Each line is judged on its own.
struct LineEvidence {
    let line: ArraySlice<UInt8>
    /// The parts of the line that blanks and tabs divide.
    let tokens: [ArraySlice<UInt8>]

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        tokens = line.split { $0.isBlank || $0 == UInt8(ascii: "\r") }
    }

    var isBlank: Bool { tokens.isEmpty }

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
