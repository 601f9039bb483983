import Trace

extension ImportFormat {
    /// The final traces of DynamoRIO's drmemtrace, binary.
    package static let drmemtrace = ImportFormat(
        "drmemtrace", holds: "final traces of DynamoRIO", wanted: "a final trace of DynamoRIO's drmemtrace",
        takes: [.noFetches], binarySigns: [BinarySign(.header, recognised)], archiveEntry: "chunk."
    ) { request, writer, summary in
        var importer = MemoryTraceImporter(input: request.plainInput(), options: request.options)
        try importer.run(into: &writer, summary: &summary, progress: request.progress)
    }

    /// Finds what the header says: a final trace, or a thread's raw one.
    private static func recognised(_ bytes: [UInt8], isWhole: Bool) -> FormatRecognition.Finding? {
        bytes.withUnsafeBytes { bytes in
            if MemoryTraceRecord.isRaw(bytes) {
                return .unread(
                    name: "a thread's raw trace of DynamoRIO's drmemtrace",
                    cure:
                        "Post-process it with 'drrun -t drmemtrace -indir DIRECTORY', and import a file of DIRECTORY/trace"
                )
            }
            return MemoryTraceRecord.recordBytes(bytes) == nil ? nil : .formats([RecognisedFormat(.drmemtrace)])
        }
    }
}

/// Imports final traces of DynamoRIO's drmemtrace as one launch: loads, stores and instruction fetches in the file's
/// order.
struct MemoryTraceImporter: ~Copyable {
    private let options: ImportOptions
    private var scanner: RecordScanner
    private var blocks = AccessBlocks()
    /// Numbers of records by meaning.
    private var counts = [UInt64](repeating: 0, count: Int(MemoryTraceRecord.Meaning.unknown.rawValue) + 1)
    private var markers = [UInt64](repeating: 0, count: MemoryTraceRecord.markerKinds + 1)
    private var emptyAccesses: UInt64 = 0
    private var emptyFetches: UInt64 = 0
    private var unrepeated: UInt64 = 0
    private var fetchesLeftOut: UInt64 = 0
    private var threadSwitches: UInt64 = 0
    private var thread: UInt64?
    /// Address of the last instruction, and the address after it.
    private var instruction: UInt64?
    private var behind: UInt64 = 0
    private var endsWithFooter = false

    init(input: PlainInput, options: ImportOptions) {
        self.options = options
        scanner = RecordScanner(input, recordBytes: 12)
    }

    /// Reads everything into one launch of `writer`.
    mutating func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        summary.unit = "records"
        try begin()
        try blocks.begin(options.kernel, in: &writer)
        let meanings = MemoryTraceRecord.meanings
        while let record = try scanner.next() {
            let type = Int(record.little16(0))
            let meaning = type < meanings.count ? meanings[type] : .unknown
            try read(record, meaning, summary: &summary)
            try blocks.endBlockIfFull(&writer)
            if scanner.record & 0xFFFF == 0 {
                progress?(
                    ImportProgress(
                        file: scanner.file.file, line: scanner.record, byteCount: scanner.byteCount, unit: "record"))
            }
        }
        try checkEnd(&summary)
        if blocks.isEmpty, fetchesLeftOut > 0 { throw TraceFormatError.onlyFetches(scanner.file, fetchesLeftOut) }
        try blocks.end(&writer, place: scanner.file, expected: "loads, stores or instruction fetches")
        report(to: &summary)
    }

    /// Takes the length of the records from the header.
    private mutating func begin() throws {
        let file = scanner.file
        let head = try scanner.lookAhead(24)
        if MemoryTraceRecord.isRaw(head) {
            throw TraceFormatError.unsupported(
                file, what: "this is a thread's raw trace, which has no addresses of instructions yet",
                cure:
                    "Post-process it with 'drrun -t drmemtrace -indir DIRECTORY', and import a file of DIRECTORY/trace")
        }
        guard let bytes = MemoryTraceRecord.recordBytes(head) else {
            guard !head.isEmpty else { throw TraceFormatError.empty(file, expected: "a final trace of drmemtrace") }
            throw TraceFormatError.unsupported(
                file, what: "it does not begin with the header of a final trace of drmemtrace",
                cure:
                    "Give a file of the directory 'trace' that post-processing writes; 'weir import auto' tells other formats"
            )
        }
        scanner.recordBytes = bytes
    }

    @inline(__always)
    private func address(_ record: UnsafeRawPointer) -> UInt64 {
        scanner.recordBytes == 12 ? record.little64(4) : UInt64(record.little32(4))
    }

    @inline(__always)
    private mutating func read(
        _ record: UnsafeRawPointer, _ meaning: MemoryTraceRecord.Meaning, summary: inout ImportSummary
    ) throws {
        counts[Int(meaning.rawValue)] &+= 1
        endsWithFooter = false
        switch meaning {
        case .load: append(.load, record)
        case .store: append(.store, record)
        case .fetch: readFetch(record)
        case .maybeFetch:
            if instruction == address(record) { unrepeated &+= 1 } else { readFetch(record) }
        case .noFetch: noteInstruction(record)
        case .bundle: try readBundle(record)
        case .marker: try readMarker(record, summary: &summary)
        case .thread:
            guard record.little16(0) == 22 else { return }
            if let thread, thread != address(record) { threadSwitches &+= 1 }
            thread = address(record)
        case .header:
            guard address(record) <= MemoryTraceRecord.version else {
                return try warnOfVersion(address(record), &summary)
            }
        case .footer: endsWithFooter = true
        case .prefetch, .flush, .encoding: break
        case .unknown:
            throw TraceFormatError.malformed(
                scanner.place, what: "the record's type", found: "\(record.little16(0))",
                expected: "0 to 49, as format 7 has them")
        }
    }

    @inline(__always)
    private mutating func append(_ kind: AccessKind, _ record: UnsafeRawPointer) {
        let size = record.little16(2)
        guard size > 0 else {
            emptyAccesses &+= 1
            return
        }
        blocks.append(kind, address: address(record), bytes: UInt64(size))
    }

    @inline(__always)
    private mutating func readFetch(_ record: UnsafeRawPointer) {
        let size = record.little16(2)
        guard size > 0 else {
            emptyFetches &+= 1
            return
        }
        noteInstruction(record)
        appendFetch(address: address(record), bytes: UInt64(size))
    }

    @inline(__always)
    private mutating func appendFetch(address: UInt64, bytes: UInt64) {
        if options.keepsFetches {
            blocks.append(.fetch, address: address, bytes: bytes)
        } else {
            fetchesLeftOut &+= 1
        }
    }

    @inline(__always)
    private mutating func noteInstruction(_ record: UnsafeRawPointer) {
        let address = address(record)
        instruction = address
        behind = address &+ UInt64(record.little16(2))
    }

    /// Reads a bundle. The size says how many lengths stand in place of the address. Each instruction follows the one
    /// before.
    private mutating func readBundle(_ record: UnsafeRawPointer) throws {
        let count = Int(record.little16(2))
        guard instruction != nil, (1...(scanner.recordBytes - 4)).contains(count) else {
            throw TraceFormatError.malformed(
                scanner.place, what: "the bundle of instructions",
                found: "of \(count)" + (instruction == nil ? " behind none" : ""),
                expected: "1 to \(scanner.recordBytes - 4) behind an instruction")
        }
        for place in 0..<count {
            let bytes = UInt64(record.load(fromByteOffset: 4 + place, as: UInt8.self))
            guard bytes > 0 else {
                throw TraceFormatError.malformed(
                    scanner.place, what: "the length of an instruction", found: "0", expected: "1 to 255 bytes")
            }
            instruction = behind
            appendFetch(address: behind, bytes: bytes)
            behind &+= bytes
        }
    }

    private mutating func readMarker(_ record: UnsafeRawPointer, summary: inout ImportSummary) throws {
        let kind = Int(record.little16(2))
        markers[min(kind, MemoryTraceRecord.markerKinds)] &+= 1
        let value = address(record)
        if kind == MemoryTraceRecord.versionMarker, value > MemoryTraceRecord.version {
            try warnOfVersion(value, &summary)
        } else if kind == MemoryTraceRecord.fileTypeMarker, value & MemoryTraceRecord.filteredBits != 0,
            scanner.record < 16
        {
            try summary.warn(
                scanner.place, what: "the addresses were filtered by a cache while they were recorded",
                cure: "What hit that cache is missing; record without -L0_filter for whole miss ratios")
        }
    }

    private func warnOfVersion(_ version: UInt64, _ summary: inout ImportSummary) throws(TraceFormatError) {
        try summary.warn(
            scanner.place,
            what: "this is format \(version), and format \(MemoryTraceRecord.version) is the newest that is known here",
            cure: "Compare the account with what 'drrun -t drmemtrace -tool basic_counts' says")
    }

    private mutating func checkEnd(_ summary: inout ImportSummary) throws {
        if scanner.cutBytes > 0 {
            try summary.warn(
                FormatPlace(file: scanner.file.file, record: scanner.record + 1),
                what: "the last record has \(scanner.cutBytes) of \(scanner.recordBytes) bytes and is left out",
                cure: "The trace was cut; copy or process it again")
            summary.skip("cut record")
        } else if !endsWithFooter {
            try summary.warn(
                scanner.place, what: "the trace ends without a footer",
                cure: "It was cut behind this record; copy or process it again")
        }
        try blocks.warnOfZeros(scanner.file, &summary)
    }

    private func report(to summary: inout ImportSummary) {
        func count(_ meaning: MemoryTraceRecord.Meaning) -> UInt64 { counts[Int(meaning.rawValue)] }
        summary.lines += scanner.record + (scanner.cutBytes > 0 ? 1 : 0)
        summary.textBytes += scanner.byteCount + UInt64(scanner.cutBytes)
        summary.launches += 1
        summary.blocks += blocks.blocks
        summary.accesses += blocks.accesses
        let fetches = count(.fetch) + count(.maybeFetch) - unrepeated - emptyFetches
        summary.take("loads and stores", count(.load) + count(.store) - emptyAccesses)
        if options.keepsFetches {
            summary.take("instruction fetches", fetches)
            summary.take("bundles of instruction fetches", count(.bundle))
        } else {
            summary.skip("instruction fetches", fetches)
            summary.skip("bundles of instruction fetches", count(.bundle))
        }
        summary.skip("accesses of no size", emptyAccesses)
        summary.skip("instructions of no size", emptyFetches)
        summary.skip("instructions that are not fetched again", count(.noFetch) + unrepeated)
        summary.skip("prefetches", count(.prefetch))
        summary.skip("cache flushes", count(.flush))
        summary.skip("encodings", count(.encoding))
        summary.skip("thread and process records", count(.thread))
        summary.skip("headers and footers", count(.header) + count(.footer))
        for (kind, number) in markers.enumerated() { summary.skip(MemoryTraceRecord.markerName(kind), number) }
        summary.count("instruction fetches left out", fetchesLeftOut)
        summary.count("switches between threads, taken in the file's order", threadSwitches)
    }
}
