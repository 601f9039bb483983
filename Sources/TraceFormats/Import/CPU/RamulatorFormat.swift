import Trace

extension ImportFormat {
    /// The traces of Ramulator and Ramulator 2.
    ///
    /// Lines that only Dinero reads, such as addresses with letters, do not count as damaged lines of Ramulator. A
    /// label that Dinero does not have may be a number of instructions in a Ramulator trace.
    package static let ramulator = CPUTraceImporter.format(
        "ramulator", holds: "its load/store, DRAM and CPU traces", wanted: "a trace of Ramulator",
        otherNames: ["ramulator2", "dram"], accessBytes: 32,
        expected:
            "'LD 0x12340', '0x12340 R', 'R 0x12340' or '3 74560' (instructions, address), all lines of one of these kinds",
        told: .nearlyAllLines, yieldsWhenDamaged: true
    ) { try $0.readRamulator() }
}

/// Ramulator's traces, of the four kinds that `RamulatorLine` lists. An access is the aligned piece of memory that
/// holds the address.
extension CPUTraceImporter {
    /// Reads a line of the same kind as the file's first line.
    fileprivate mutating func readRamulator() throws -> CPULineAccount.Line {
        if scanner.isAtEnd() { return .blank }
        if scanner.startsComment { return .comment }
        let kind = try ramulatorLine ?? decideRamulatorLine()
        ramulatorLine = kind
        scanner.skipSpaces()
        switch kind {
        case .loadStore:
            let isStore = try passOperation(.load, .store, "LD or ST", kind)
            let address = try ramulatorAddress()
            try endRamulatorLine("the address")
            append(isStore ? .store : .load, piece: address)
            return isStore ? .ramulatorStore : .ramulatorLoad
        case .typeFirst:
            let isWrite = try passOperation(.read, .write, "R or W", kind)
            let address = try ramulatorAddress()
            try endRamulatorLine("the address")
            append(isWrite ? .store : .load, piece: address)
            return isWrite ? .ramulatorWrite : .ramulatorRead
        case .addressFirst:
            let isBare = !scanner.startsHexadecimal
            guard let address = scanner.hexadecimal(), scanner.isAtTokenEnd else {
                throw scanner.malformed(
                    "the address",
                    expected: "a hexadecimal number of up to 64 bits; the lines of this file are \(kind.example)")
            }
            scanner.skipSpaces()
            let isWrite = try passOperation(.read, .write, "R or W", kind)
            // Some writers add a time, which Ramulator ignores.
            if !scanner.isAtEnd(), scanner.decimal() != nil, scanner.isAtTokenEnd { counts.times &+= 1 }
            try endRamulatorLine("the operation")
            if isBare { counts.bareAddresses &+= 1 }
            append(isWrite ? .store : .load, piece: address)
            return isWrite ? .ramulatorWrite : .ramulatorRead
        case .instructions:
            guard let number = scanner.decimal(), scanner.isAtTokenEnd, let instructions = UInt32(exactly: number)
            else {
                throw scanner.malformed(
                    "the number of instructions",
                    expected: "a decimal number below 2^32; the lines of this file are \(kind.example)")
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
        append(kind, address: address & ~(accessBytes &- 1), bytes: accessBytes, recorded: address)
    }

    /// The kind of the current line, told by its first two tokens.
    private mutating func decideRamulatorLine() throws -> RamulatorLine {
        func isNumber(_ token: UnsafeRawBufferPointer) -> Bool {
            let digits =
                token.count > 2 && token[0] == UInt8(ascii: "0") && token[1].lowercased == UInt8(ascii: "x")
                ? token.dropFirst(2) : token[...]
            return !digits.isEmpty && digits.allSatisfy(\.isHexadecimalDigit)
        }
        let first = scanner.token()
        let second = scanner.token()
        defer { scanner.rewindLine() }
        switch Operation(first) {
        case .load, .store: return .loadStore
        case .read, .write: return .typeFirst
        case nil: break
        }
        let type = Operation(second)
        if isNumber(first), type == .read || type == .write { return .addressFirst }
        if isNumber(first), isNumber(second) { return .instructions }
        scanner.rewindLine()
        scanner.skipSpaces()
        throw isNumber(scanner.token())
            ? scanner.malformed("the line", expected: expected)
            : scanner.malformed("the operation", expected: expected)
    }

    /// The word that says what a line does.
    private enum Operation {
        case load, store, read, write

        /// - Parameter token: the word in capitals or small letters. The result is nil for any other token. Ramulator
        ///   looks only at the first letters of READ and WRITE, so both spellings of each count.
        init?(_ token: UnsafeRawBufferPointer) {
            func isWord(_ word: StaticString) -> Bool {
                token.indices.allSatisfy { token[$0] & ~32 == word.utf8Start[$0] }
            }
            switch token.count {
            case 1 where isWord("R"): self = .read
            case 1 where isWord("W"): self = .write
            case 2 where isWord("LD"): self = .load
            case 2 where isWord("ST"): self = .store
            case 4 where isWord("READ"): self = .read
            case 5 where isWord("WRITE"): self = .write
            default: return nil
            }
        }
    }

    /// Skips one of two operations. An error calls them `names`.
    /// - Returns: whether it is the second one.
    private mutating func passOperation(
        _ first: Operation, _ second: Operation, _ names: StaticString, _ kind: RamulatorLine
    ) throws -> Bool {
        let operation = Operation(scanner.token())
        guard operation == first || operation == second else {
            throw scanner.malformed("the operation", expected: "\(names); the lines of this file are \(kind.example)")
        }
        return operation == second
    }

    /// Reads an address that is decimal, or hexadecimal with `0x`.
    private mutating func ramulatorAddress() throws -> UInt64 {
        scanner.skipSpaces()
        let address = scanner.startsHexadecimal ? scanner.hexadecimal() : scanner.decimal()
        if address != nil, scanner.next == UInt8(ascii: ",") {
            throw TraceFormatError.unsupported(
                scanner.place,
                what:
                    "the address is a vector of a memory's coordinates (channel, rank, bank, ...), not a number of a byte",
                cure: "Write byte addresses, such as 'R 0x12340', or import a load/store trace")
        }
        guard let address, scanner.isAtTokenEnd else {
            throw scanner.malformed(
                "the address", expected: "a decimal number, or a hexadecimal one with 0x, of up to 64 bits")
        }
        return address
    }

    private mutating func endRamulatorLine(_ what: String) throws {
        guard scanner.isAtEnd() else { throw scanner.malformed("what follows \(what)", expected: "the line's end") }
    }
}
