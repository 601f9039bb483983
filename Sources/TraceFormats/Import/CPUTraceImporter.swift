import Trace

/// Imports traces of one requester: Dinero, lackey and Ramulator. Each access is an operation of one lane; all are one launch, cut
/// into blocks in the order of the trace.
struct CPUTraceImporter: ~Copyable {
    private static let largestBytes = AccessBlocks.largestBytes

    private var scanner: LineScanner
    private let format: ImportFormat
    private let options: ImportOptions
    private var blocks = AccessBlocks()
    private var counts = Counts()

    private struct Counts {
        var fetches: UInt64 = 0
        var miscellaneous: UInt64 = 0
        var otherLines: UInt64 = 0
    }

    init(input: PlainInput, format: ImportFormat, options: ImportOptions) {
        scanner = LineScanner(input)
        self.format = format
        self.options = options
    }

    /// Reads everything into one launch of `writer`.
    mutating func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        try blocks.begin(options.kernel, in: &writer)
        while try scanner.nextLine() {
            switch format {
            case .din: try readDin()
            case .lackey: try readLackey()
            default: try readRamulator()
            }
            try blocks.endBlockIfFull(&writer)
            if scanner.line & 0xFFFF == 0 {
                progress?(ImportProgress(file: scanner.place.file, line: scanner.line, byteCount: scanner.byteCount))
            }
        }
        try blocks.end(&writer, place: FormatPlace(file: scanner.place.file), expected: expected)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.launches += 1
        summary.blocks += blocks.blocks
        summary.accesses += blocks.accesses
        summary.count("instruction fetches left out", counts.fetches)
        summary.count("miscellaneous records", counts.miscellaneous)
        summary.count("lines that are no accesses", counts.otherLines)
    }

    /// What a line looks like, for errors.
    private var expected: String {
        switch format {
        case .din: "'0 1000', '1 1000', '2 1000', or 'r 1000 4', 'w 1000 4', 'i 1000 4'"
        case .lackey: "'I  04000a10,3', ' L 1ffeffe7e0,8', ' S ...' or ' M ...'"
        default: "'LD 0x12340' or 'ST 4096'"
        }
    }

    @inline(__always)
    private mutating func append(_ kind: AccessKind, address: UInt64, bytes: UInt64, hint: CacheHint = .normal) {
        blocks.append(kind, address: address, bytes: bytes, hint: hint)
    }

    @inline(__always)
    private mutating func appendFetch(address: UInt64, bytes: UInt64) {
        if options.keepsFetches { append(.fetch, address: address, bytes: bytes) } else { counts.fetches &+= 1 }
    }

    /// `label address`, and what follows is comment; or `type address size`, all numbers hexadecimal.
    private mutating func readDin() throws {
        if scanner.isAtEnd() { return }
        guard let label = scanner.next, scanner.take(label), scanner.isAtTokenEnd else {
            throw scanner.malformed("the label", expected: expected)
        }
        let isExtended = label >= 97
        guard label >= 48 && label <= 52 || isExtended else { throw scanner.malformed("the label", expected: expected) }
        scanner.skipSpaces()
        // Dinero's flush stands alone or with an address that says nothing.
        if label == 52, scanner.isAtEnd() {
            blocks.appendInvalidation()
            return
        }
        guard var address = scanner.hexadecimal(), scanner.isAtTokenEnd else {
            throw scanner.malformed("the address", expected: "a hexadecimal number of up to 64 bits")
        }
        var bytes = UInt64(options.accessBytes ?? 4)
        if isExtended {
            scanner.skipSpaces()
            guard let size = scanner.hexadecimal(), scanner.isAtTokenEnd, size >= 1, size <= Self.largestBytes else {
                throw scanner.malformed("the size", expected: "a hexadecimal number from 1 to ffff")
            }
            bytes = size
        } else {
            address &= ~(bytes &- 1)
        }
        switch label {
        case 48, 114: append(.load, address: address, bytes: bytes)
        case 49, 119: append(.store, address: address, bytes: bytes)
        case 50, 105: appendFetch(address: address, bytes: bytes)
        case 51: counts.miscellaneous &+= 1
        case 109: append(.load, address: address, bytes: bytes)
        case 52: blocks.appendInvalidation()
        default:
            throw TraceFormatError.unsupported(
                scanner.place, what: "the label '\(Character(Unicode.Scalar(label)))' has no meaning in a trace of accesses",
                cure: "Keep r, w, i, m and 0 to 4")
        }
    }

    /// `I  address,size`, ` L address,size`, ` S ...`, ` M ...`: hexadecimal and decimal. Other lines are valgrind's own.
    private mutating func readLackey() throws {
        let kind: UInt8
        if scanner.take("I  ") {
            kind = 73
        } else if scanner.take(" L ") {
            kind = 76
        } else if scanner.take(" S ") {
            kind = 83
        } else if scanner.take(" M ") {
            kind = 77
        } else {
            guard scanner.isAtEnd() || scanner.take("==") || scanner.take("--") || scanner.take("**") else {
                throw scanner.malformed("the line", expected: expected)
            }
            counts.otherLines &+= 1
            return
        }
        guard let address = scanner.hexadecimal(), scanner.take(44) else {
            throw scanner.malformed("the address", expected: "a hexadecimal number of up to 64 bits and a comma")
        }
        guard let size = scanner.decimal(), scanner.isAtEnd(), size >= 1, size <= Self.largestBytes else {
            throw scanner.malformed("the size", expected: "a number from 1 to \(Self.largestBytes)")
        }
        switch kind {
        case 73: appendFetch(address: address, bytes: size)
        case 76: append(.load, address: address, bytes: size)
        case 83: append(.store, address: address, bytes: size)
        default:
            append(.load, address: address, bytes: size)
            append(.store, address: address, bytes: size, hint: .modify)
        }
    }

    /// `LD address` or `ST address`: the aligned piece of memory that holds the address.
    private mutating func readRamulator() throws {
        if scanner.isAtEnd() { return }
        let kind: AccessKind
        if scanner.take("LD") {
            kind = .load
        } else if scanner.take("ST") {
            kind = .store
        } else {
            throw scanner.malformed("the operation", expected: expected)
        }
        guard scanner.isAtTokenEnd else { throw scanner.malformed("the operation", expected: expected) }
        scanner.skipSpaces()
        let isHexadecimal = scanner.startsHexadecimal
        guard let address = isHexadecimal ? scanner.hexadecimal() : scanner.decimal(), scanner.isAtTokenEnd else {
            throw scanner.malformed("the address", expected: "a decimal number, or a hexadecimal one with 0x, of up to 64 bits")
        }
        guard scanner.isAtEnd() else { throw scanner.malformed("what follows the address", expected: "the line's end") }
        let bytes = UInt64(options.accessBytes ?? 32)
        append(kind, address: address & ~(bytes &- 1), bytes: bytes)
    }
}
