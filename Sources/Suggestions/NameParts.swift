/// A name divided into parts in lower case: `l2.sliceBandwidth` is l2, slice, bandwidth; `--seq_len` is seq, len.
struct NameParts {
    let parts: [String]

    /// The parts without anything between them.
    var joined: String { parts.joined() }
    var isEmpty: Bool { parts.isEmpty }

    init(_ name: String) {
        var parts: [String] = []
        var part = ""
        var previous: Character?
        func end() {
            if !part.isEmpty { parts.append(part.lowercased()) }
            part = ""
        }
        for character in name {
            guard character.isLetter || character.isNumber else {
                end()
                previous = nil
                continue
            }
            if character.isUppercase, let previous, previous.isLowercase { end() }
            part.append(character)
            previous = character
        }
        end()
        self.parts = parts
    }
}
