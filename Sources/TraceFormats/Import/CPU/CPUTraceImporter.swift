import Trace

/// Imports traces of one requester: Dinero, lackey and Ramulator. Each access is an operation of one lane; all are one launch, cut
/// into blocks in the order of the trace.
struct CPUTraceImporter: ~Copyable {
    static let largestBytes = AccessBlocks.largestBytes

    var scanner: LineScanner
    let options: ImportOptions
    /// Of Ramulator's kinds of lines the one that this file has, once its first line has told.
    var ramulatorLine: RamulatorLine?
    var counts = Counts()
    private let format: ImportFormat
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
            account.add(try readLine())
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

    @inline(__always)
    private mutating func readLine() throws -> CPULineAccount.Line {
        switch format {
        case .din: try readDin()
        case .lackey: try readLackey()
        default: try readRamulator()
        }
    }

    /// Reads up to `lineLimit` lines that are neither blank nor comments, and writes nothing.
    /// - Parameter untilFirst: whether the first line that only this format has is enough.
    mutating func tryLines(_ lineLimit: Int, untilFirst: Bool) -> CPUTrial {
        var trial = CPUTrial()
        while trial.lines < lineLimit, (try? scanner.nextLine()) == true {
            // Each line is asked on its own.
            ramulatorLine = nil
            do {
                switch try readLine() {
                case .blank, .comment: continue
                case .valgrind, .other: trial.lines += 1
                default:
                    trial.lines += 1
                    trial.fitting += 1
                }
            } catch let error as TraceFormatError {
                trial.lines += 1
                // A line that is right and that nothing reads.
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

    /// What a line looks like, for errors.
    var expected: String {
        switch format {
        case .din: "'0 1000', '1 1000', '2 1000', or 'r 1000 4', 'w 1000 4', 'i 1000 4'"
        case .lackey: "'I  04000a10,3', ' L 1ffeffe7e0,8', ' S ...' or ' M ...'"
        default: "'LD 0x12340', '0x12340 R', 'R 0x12340' or '3 74560' (instructions, address), all lines of one of these kinds"
        }
    }

    @inline(__always)
    mutating func append(_ kind: AccessKind, address: UInt64, bytes: UInt64, hint: CacheHint = .normal, recorded: UInt64? = nil) {
        blocks.append(kind, address: address, bytes: bytes, hint: hint, recorded: recorded)
    }

    /// - Returns: whether fetches are kept.
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
