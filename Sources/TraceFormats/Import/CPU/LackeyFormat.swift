extension ImportFormat {
    /// The output of valgrind's lackey with `--trace-mem=yes`.
    package static let lackey = CPUTraceImporter.format(
        "lackey", holds: "valgrind --tool=lackey --trace-mem=yes", wanted: "the output of valgrind's lackey",
        otherNames: ["valgrind", "cachegrind"], takes: [.noFetches],
        expected: "'I  04000a10,3', ' L 1ffeffe7e0,8', ' S ...' or ' M ...'",
        textSigns: [TextSign(.anyLine, if: \.isLackeyBanner)], told: .oneLine
    ) { try $0.readLackey() }
}

extension LineEvidence {
    /// Whether the line is valgrind's own line that names lackey.
    fileprivate var isLackeyBanner: Bool { line.starts(with: "==".utf8) && contains("Lackey", in: line) }
}

/// Lackey's traces. Their lines stand between valgrind's own lines, and often between lines of the program.
extension CPUTraceImporter {
    /// Reads `I  address,size`, ` L address,size`, ` S ...` or ` M ...`. The address is hexadecimal, the size decimal.
    ///
    /// Any blanks may stand around the letter. A line that begins as an access and goes on otherwise is an error. Other
    /// lines do not belong to lackey.
    fileprivate mutating func readLackey() throws -> CPULineAccount.Line {
        // Lackey's own spelling is read directly.
        if let letter = lackeyLetter(), let address = scanner.hexadecimal(), scanner.take(UInt8(ascii: ",")),
            let size = scanner.decimal(), scanner.isAtEnd(), size >= 1, size <= Self.largestBytes
        {
            return append(letter, address: address, bytes: size)
        }
        scanner.rewindLine()
        return try readOtherSpelling()
    }

    /// Skips a letter between lackey's own blanks.
    @inline(__always)
    private mutating func lackeyLetter() -> UInt8? {
        if scanner.take("I  ") { return UInt8(ascii: "I") }
        if scanner.take(" L ") { return UInt8(ascii: "L") }
        if scanner.take(" S ") { return UInt8(ascii: "S") }
        return scanner.take(" M ") ? UInt8(ascii: "M") : nil
    }

    @inline(__always)
    private mutating func append(_ letter: UInt8, address: UInt64, bytes: UInt64) -> CPULineAccount.Line {
        switch letter {
        case UInt8(ascii: "I"):
            return appendFetch(address: address, bytes: bytes) ? .instruction : .fetchLeftOut
        case UInt8(ascii: "L"):
            append(.load, address: address, bytes: bytes)
            return .load
        case UInt8(ascii: "S"):
            append(.store, address: address, bytes: bytes)
            return .store
        default:
            append(.load, address: address, bytes: bytes)
            append(.store, address: address, bytes: bytes, hint: .modify)
            return .modify
        }
    }

    private mutating func readOtherSpelling() throws -> CPULineAccount.Line {
        let hasOwnBlanks = lackeyLetter() != nil && scanner.next?.isBlank != true
        scanner.rewindLine()
        if scanner.isAtEnd() { return .blank }
        let isValgrinds = passValgrindsMark()
        scanner.skipSpaces()
        let start = scanner.next
        if start == UInt8(ascii: "S"), scanner.take("SB ") || scanner.take("SB\t") {
            let address = LackeyToken(scanner.token())
            if address.digits > 0, address.rest == .nothing { return .superblock }
        } else if let letter = start, Self.letters.contains(letter), scanner.take(letter), scanner.isAtTokenEnd,
            !scanner.isAtEnd()
        {
            let token = LackeyToken(scanner.token())
            let isLast = scanner.isAtEnd()
            if let (address, size) = token.access, isLast { return append(letter, address: address, bytes: size) }
            if token.isBrokenAccess(isLast: isLast, hasOwnBlanks: hasOwnBlanks) {
                guard token.access == nil else {
                    throw scanner.malformed("what follows the size", expected: "the line's end")
                }
                // The scanner is behind the token. It goes back so that the error shows the token.
                scanner.rewindToken(token.byteCount)
                throw token.rest == .nothing || token.rest == .text
                    ? scanner.malformed("the address", expected: "a hexadecimal number of up to 64 bits and a comma")
                    : scanner.malformed(
                        "the size", expected: "a number from 1 to \(Self.largestBytes), and then the line's end")
            }
        }
        if let (letter, token) = LackeyToken.behindText(scanner.wholeLine), let (address, size) = token.access {
            counts.behindText &+= 1
            return append(letter, address: address, bytes: size)
        }
        return isValgrinds ? .valgrind : .other
    }

    private static let letters = Array("ILSM".utf8)

    /// Skips `==1234==`, `--1234--` or `**1234**`, with which valgrind begins its lines.
    private mutating func passValgrindsMark() -> Bool {
        for mark: StaticString in ["==", "--", "**"] where scanner.take(mark) {
            if scanner.decimal() != nil { _ = scanner.take(mark) }
            return true
        }
        return false
    }
}
