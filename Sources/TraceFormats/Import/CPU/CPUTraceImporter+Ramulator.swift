import Trace

/// Ramulator's traces, of four kinds: see `RamulatorLine`. An access is the aligned piece of memory that holds the address.
extension CPUTraceImporter {
    /// Reads a line of the kind that the file's first line has.
    mutating func readRamulator() throws -> CPULineAccount.Line {
        if scanner.isAtEnd() { return .blank }
        if scanner.startsComment { return .comment }
        let kind = try ramulatorLine ?? decideRamulatorLine()
        ramulatorLine = kind
        scanner.skipSpaces()
        switch kind {
        case .loadStore:
            let isStore = try isSecond(of: Self.loadOrStore, "LD or ST", kind)
            let address = try ramulatorAddress()
            try endRamulatorLine("the address")
            append(isStore ? .store : .load, piece: address)
            return isStore ? .ramulatorStore : .ramulatorLoad
        case .typeFirst:
            let isWrite = try isSecond(of: Self.readOrWrite, "R or W", kind)
            let address = try ramulatorAddress()
            try endRamulatorLine("the address")
            append(isWrite ? .store : .load, piece: address)
            return isWrite ? .ramulatorWrite : .ramulatorRead
        case .addressFirst:
            let isBare = !scanner.startsHexadecimal
            guard let address = scanner.hexadecimal(), scanner.isAtTokenEnd else {
                throw scanner.malformed(
                    "the address", expected: "a hexadecimal number of up to 64 bits; the lines of this file are \(kind.example)")
            }
            scanner.skipSpaces()
            let isWrite = try isSecond(of: Self.readOrWrite, "R or W", kind)
            // Some writers add a time, which Ramulator passes by.
            if !scanner.isAtEnd(), scanner.decimal() != nil, scanner.isAtTokenEnd { counts.times &+= 1 }
            try endRamulatorLine("the operation")
            if isBare { counts.bareAddresses &+= 1 }
            append(isWrite ? .store : .load, piece: address)
            return isWrite ? .ramulatorWrite : .ramulatorRead
        case .instructions:
            guard let number = scanner.decimal(), scanner.isAtTokenEnd, let instructions = UInt32(exactly: number) else {
                throw scanner.malformed(
                    "the number of instructions", expected: "a decimal number below 2^32; the lines of this file are \(kind.example)")
            }
            let read = try ramulatorAddress()
            let write = scanner.isAtEnd() ? nil : try ramulatorAddress()
            try endRamulatorLine("the write's address")
            appendInstructions(instructions)
            append(.load, piece: read)
            guard let write else { return .instructionsRead }
            append(.store, piece: write)
            return .instructionsReadWrite
        }
    }

    private mutating func append(_ kind: AccessKind, piece address: UInt64) {
        let bytes = UInt64(options.accessBytes ?? 32)
        append(kind, address: address & ~(bytes &- 1), bytes: bytes)
    }

    /// The kind of the line at hand, by its first two tokens.
    private mutating func decideRamulatorLine() throws -> RamulatorLine {
        func isNumber(_ token: UnsafeRawBufferPointer) -> Bool {
            let digits = token.count > 2 && token[0] == 48 && token[1] | 32 == 120 ? token.dropFirst(2) : token[...]
            return !digits.isEmpty && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        }
        let first = scanner.token()
        let second = scanner.token()
        defer { scanner.rewindLine() }
        if Self.place(of: first, in: Self.loadOrStore) != nil { return .loadStore }
        if Self.place(of: first, in: Self.readOrWrite) != nil { return .typeFirst }
        if isNumber(first), Self.place(of: second, in: Self.readOrWrite) != nil { return .addressFirst }
        if isNumber(first), isNumber(second) { return .instructions }
        scanner.rewindLine()
        scanner.skipSpaces()
        throw isNumber(scanner.token())
            ? scanner.malformed("the line", expected: expected)
            : scanner.malformed("the operation", expected: expected)
    }

    /// The spellings of a read and of a write, in turn. Ramulator looks at the first letter alone.
    private static let readOrWrite: [StaticString] = ["R", "W", "READ", "WRITE"]
    private static let loadOrStore: [StaticString] = ["LD", "ST"]

    /// Which of `words` a token is, in small letters or capitals; nil where it is none.
    private static func place(of token: UnsafeRawBufferPointer, in words: [StaticString]) -> Int? {
        words.firstIndex { word in
            token.count == word.utf8CodeUnitCount && token.indices.allSatisfy { token[$0] & ~32 == word.utf8Start[$0] }
        }
    }

    /// Passes by an operation.
    /// - Parameters:
    ///   - words: spellings of the first and the second operation, in turn.
    ///   - names: what the operations are called in an error.
    /// - Returns: whether it is the second one.
    private mutating func isSecond(of words: [StaticString], _ names: String, _ kind: RamulatorLine) throws -> Bool {
        guard let place = Self.place(of: scanner.token(), in: words) else {
            throw scanner.malformed("the operation", expected: "\(names); the lines of this file are \(kind.example)")
        }
        return place % 2 == 1
    }

    /// An address that is decimal, or hexadecimal with `0x`.
    private mutating func ramulatorAddress() throws -> UInt64 {
        scanner.skipSpaces()
        let address = scanner.startsHexadecimal ? scanner.hexadecimal() : scanner.decimal()
        if address != nil, scanner.next == 44 {
            throw TraceFormatError.unsupported(
                scanner.place, what: "the address is a vector of a memory's coordinates (channel, rank, bank, ...), not a number of a byte",
                cure: "Write byte addresses, such as 'R 0x12340', or import a load/store trace")
        }
        guard let address, scanner.isAtTokenEnd else {
            throw scanner.malformed("the address", expected: "a decimal number, or a hexadecimal one with 0x, of up to 64 bits")
        }
        return address
    }

    private mutating func endRamulatorLine(_ what: String) throws {
        guard scanner.isAtEnd() else { throw scanner.malformed("what follows \(what)", expected: "the line's end") }
    }
}
