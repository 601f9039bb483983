import Trace

/// Imports traces of one requester: Dinero, lackey and Ramulator. Each access becomes an operation of one lane. All
/// accesses form one launch, cut into blocks in the order of the trace.
struct CPUTraceImporter: ~Copyable {
    static let largestBytes = AccessBlocks.largestBytes

    var scanner: LineScanner
    let options: ImportOptions
    /// Bytes of an access whose line gives no size.
    let accessBytes: UInt64
    /// An example of a line, for errors.
    let expected: String
    /// The one kind of Ramulator's lines that this file has. Its first line tells.
    var ramulatorLine: RamulatorLine?
    var counts = Counts()
    private var blocks = AccessBlocks()
    private var account = CPULineAccount()

    /// Counts of things inside lines.
    struct Counts {
        /// Instructions without access that lines mention.
        var instructions: UInt64 = 0
        /// Addresses without `0x` that are taken as hexadecimal.
        var bareAddresses: UInt64 = 0
        /// Times behind accesses, which are ignored.
        var times: UInt64 = 0
        /// Accesses that stand behind other text on their line.
        var behindText: UInt64 = 0
        /// Copy-backs and invalidations, which do not count as accesses.
        var maintenance: UInt64 = 0
    }

    private init(_ input: PlainInput, options: ImportOptions, accessBytes: UInt64, expected: String) {
        scanner = LineScanner(input)
        self.options = options
        self.accessBytes = accessBytes
        self.expected = expected
    }

    /// Reads the line at the scanner, appends its accesses, and returns the kind of the line.
    typealias LineReader = @Sendable (inout CPUTraceImporter) throws -> CPULineAccount.Line

    /// A format whose traces consist of lines.
    /// - Parameters:
    ///   - expected: an example of a line, for errors.
    ///   - told: how many lines it takes to recognise the format.
    ///   - yieldsWhenDamaged: as in `TextTrial`.
    static func format(
        _ name: String, holds: String, wanted: String, otherNames: [String], accessBytes: Int? = nil,
        takes options: Set<ImportOption> = [],
        expected: String, textSigns: [TextSign] = [], told reach: TextTrial.Reach, yieldsWhenDamaged: Bool = false,
        readLine: @escaping LineReader
    ) -> ImportFormat {
        let trial = TextTrial(reach, yieldsWhenDamaged: yieldsWhenDamaged) { text, lineLimit, untilFirst in
            let input = PlainInput(ByteInput(bytes: Array(text)))
            var importer = CPUTraceImporter(
                input, options: ImportOptions(), accessBytes: UInt64(accessBytes ?? 1), expected: expected)
            return importer.tryLines(lineLimit, untilFirst: untilFirst, readLine: readLine)
        }
        return ImportFormat(
            name, holds: holds, wanted: wanted, otherNames: otherNames, accessBytes: accessBytes, takes: options,
            textSigns: textSigns,
            textTrial: trial
        ) { request, writer, summary in
            var importer = CPUTraceImporter(
                request.plainInput(), options: request.options, accessBytes: request.accessBytes, expected: expected)
            try importer.run(into: &writer, summary: &summary, progress: request.progress, readLine: readLine)
        }
    }

    private mutating func run(
        into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?,
        readLine: LineReader
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
        try blocks.warnOfZeros(FormatPlace(file: scanner.place.file), &summary)
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

    /// Reads up to `lineLimit` lines that are neither blank nor comments. It writes nothing.
    /// - Parameter untilFirst: whether to stop at the first line that only this format has.
    private mutating func tryLines(_ lineLimit: Int, untilFirst: Bool, readLine: LineReader) -> CPUTrial {
        var trial = CPUTrial()
        while trial.lines < lineLimit, (try? scanner.nextLine()) == true {
            // Each line is judged on its own.
            ramulatorLine = nil
            do {
                switch try readLine(&self) {
                case .blank, .comment: continue
                case .valgrind, .other: trial.lines += 1
                default:
                    trial.lines += 1
                    trial.fitting += 1
                }
            } catch let error as TraceFormatError {
                trial.lines += 1
                // The line is right, although the importer cannot read it.
                if case .unsupported = error { trial.fitting += 1 } else { trial.addDamage(error) }
            } catch {
                return trial
            }
            if untilFirst, trial.fitting > 0 { break }
        }
        return trial
    }

    /// The error about an input that gives no operation.
    private var nothing: TraceFormatError {
        let place = FormatPlace(file: scanner.place.file)
        guard account[.fetchLeftOut] == 0 else {
            return .onlyFetches(place, account[.fetchLeftOut])
        }
        return .empty(place, expected: expected)
    }

    @inline(__always)
    mutating func append(
        _ kind: AccessKind, address: UInt64, bytes: UInt64, hint: CacheHint = .normal, recorded: UInt64? = nil
    ) {
        blocks.append(kind, address: address, bytes: bytes, hint: hint, recorded: recorded)
    }

    /// Appends an instruction fetch, if fetches are kept.
    /// - Returns: whether they are kept.
    @inline(__always)
    mutating func appendFetch(address: UInt64, bytes: UInt64, recorded: UInt64? = nil) -> Bool {
        if options.keepsFetches { append(.fetch, address: address, bytes: bytes, recorded: recorded) }
        return options.keepsFetches
    }

    /// Appends a copy-back or invalidation of the lines that hold `address`, or of all lines.
    mutating func appendMaintenance(_ kind: AccessKind, address: UInt64?) {
        if let address {
            append(kind, address: address, bytes: 1)
            counts.maintenance &+= 1
        } else {
            blocks.append(
                .lanes(LaneAccess(kind: kind, tensor: 0, laneBytes: 1, firstLane: blocks.nextLane, laneCount: 0)))
        }
    }

    /// Appends instructions that access no memory.
    mutating func appendInstructions(_ number: UInt32) {
        guard number > 0 else { return }
        blocks.append(.compute(ComputeWork(instructions: Int(number))))
        counts.instructions &+= UInt64(number)
    }
}
