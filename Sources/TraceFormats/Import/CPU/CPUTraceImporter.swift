import Trace

/// Imports traces of one requester: Dinero, lackey and Ramulator. Each access is an operation of one lane; all are one launch, cut
/// into blocks in the order of the trace.
struct CPUTraceImporter: ~Copyable {
    static let largestBytes = AccessBlocks.largestBytes

    var scanner: LineScanner
    let options: ImportOptions
    /// Bytes of an access that has no size of its own.
    let accessBytes: UInt64
    /// What a line looks like, for errors.
    let expected: String
    /// Of Ramulator's kinds of lines the one that this file has, once its first line has told.
    var ramulatorLine: RamulatorLine?
    var counts = Counts()
    private var blocks = AccessBlocks()
    private var account = CPULineAccount()

    /// What is counted within lines.
    struct Counts {
        /// Instructions without access that lines name.
        var instructions: UInt64 = 0
        /// Addresses without `0x` that are taken as hexadecimal.
        var bareAddresses: UInt64 = 0
        /// Times behind accesses, which are passed by.
        var times: UInt64 = 0
        /// Accesses that stand behind other text on their line.
        var behindText: UInt64 = 0
        /// Copy-backs and invalidations, which are no accesses.
        var maintenance: UInt64 = 0
    }

    private init(_ request: ImportRequest, expected: String) {
        scanner = LineScanner(request.plainInput())
        options = request.options
        accessBytes = request.accessBytes
        self.expected = expected
    }

    /// Reads everything into one launch of `writer`.
    /// - Parameters:
    ///   - expected: what a line looks like, for errors.
    ///   - readLine: reads the line that the scanner stands at, appends its accesses, and says what it was.
    static func read(
        _ request: ImportRequest, expected: String, into writer: inout TraceWriter, summary: inout ImportSummary,
        readLine: (inout CPUTraceImporter) throws -> CPULineAccount.Line
    ) throws {
        var importer = CPUTraceImporter(request, expected: expected)
        try importer.run(into: &writer, summary: &summary, progress: request.progress, readLine: readLine)
    }

    private mutating func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?,
        readLine: (inout CPUTraceImporter) throws -> CPULineAccount.Line
    ) throws {
        try blocks.begin(options.kernel, in: &writer)
        while try scanner.nextLine() {
            account.add(try readLine(&self))
            try blocks.endBlockIfFull(&writer)
            if scanner.line & 0xFFFF == 0 {
                progress?(ImportProgress(file: scanner.place.file, line: scanner.line, byteCount: scanner.byteCount))
            }
        }
        let nothing = nothing
        try blocks.end(&writer, nothing: nothing)
        try scanner.warnOfCutEnd(&summary)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.launches += 1
        summary.blocks += blocks.blocks
        summary.accesses += blocks.accesses &- counts.maintenance
        account.report(to: &summary)
        summary.count("instructions without access between the accesses", counts.instructions)
        summary.count("addresses without 0x taken as hexadecimal", counts.bareAddresses)
        summary.count("times behind R or W, passed by", counts.times)
        summary.count("accesses found behind other text on their line", counts.behindText)
    }

    /// The error about an input that gives no operation.
    private var nothing: TraceFormatError {
        let place = FormatPlace(file: scanner.place.file)
        guard account[.fetchLeftOut] == 0 else {
            return .unsupported(
                place, what: "all \(account[.fetchLeftOut]) accesses are instruction fetches, which --no-fetches leaves out",
                cure: "Import it without --no-fetches")
        }
        return .empty(place, expected: expected)
    }

    @inline(__always)
    mutating func append(_ kind: AccessKind, address: UInt64, bytes: UInt64, hint: CacheHint = .normal) {
        blocks.append(kind, address: address, bytes: bytes, hint: hint)
    }

    /// - Returns: whether fetches are kept.
    @inline(__always)
    mutating func appendFetch(address: UInt64, bytes: UInt64) -> Bool {
        if options.keepsFetches { append(.fetch, address: address, bytes: bytes) }
        return options.keepsFetches
    }

    /// Appends a copy-back or invalidation of the lines that hold `address`, or of all lines.
    mutating func appendMaintenance(_ kind: AccessKind, address: UInt64?) {
        if let address {
            append(kind, address: address, bytes: 1)
            counts.maintenance &+= 1
        } else {
            blocks.append(.lanes(LaneAccess(kind: kind, tensor: 0, laneBytes: 1, firstLane: blocks.nextLane, laneCount: 0)))
        }
    }

    /// Appends instructions that access no memory.
    mutating func appendInstructions(_ number: UInt32) {
        guard number > 0 else { return }
        blocks.append(.compute(ComputeWork(instructions: Int(number))))
        counts.instructions &+= UInt64(number)
    }
}
