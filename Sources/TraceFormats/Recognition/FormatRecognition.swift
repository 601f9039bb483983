import Content
import Trace

/// Which format an input has, told from its first bytes and not from its name.
package struct FormatRecognition: Equatable, Sendable {
    package enum Finding: Equatable, Sendable {
        /// Formats that the content fits: one, or several between which it does not decide.
        case formats([RecognisedFormat])
        /// A format in an archive or a stream that is not inflated here.
        case packed(FileKind, RecognisedFormat?)
        /// A trace of Weir's own.
        case weir
        /// A format that is named and not read; the cure says how to go on.
        case unread(name: String, cure: String)
        /// A stream that cannot be inflated as far as its content would tell.
        case broken(method: String, reason: String)
        /// Anything else, by its name.
        case other(FileKind)
    }

    package let finding: Finding
    /// The streams around the content, from the outside in.
    package let streams: [FileKind]

    /// Lines that must fit where a format is told by all of them.
    private static let lineLimit = 4096
    /// Bytes of an input that are looked at first, and at most.
    private static let headBytes = [1 << 16, 1 << 20]

    /// - Parameters:
    ///   - head: the first bytes of the input.
    ///   - isWhole: whether nothing follows them.
    package init(head: [UInt8], isWhole: Bool) {
        let inflated = HeadInflation(head, isWhole: isWhole)
        streams = inflated.streams
        let plain = inflated.plain
        let found = Self.binary(plain, isWhole: inflated.isWhole)
            ?? FileKind.notText(Array(plain.prefix(FileKind.headBytes))).map(Self.finding)
            ?? Self.text(plain, isWhole: inflated.isWhole)
        if let damage = inflated.damage, case .other = found {
            finding = .broken(method: damage.method, reason: damage.reason)
        } else {
            finding = found
        }
    }

    /// Looks at the first bytes of `input`, which stay to be read: at more of them where a few do not tell.
    /// - Throws: `TraceError.system`.
    package init(peekingAt input: ByteInput) throws(TraceError) {
        var found: FormatRecognition?
        looking: for count in Self.headBytes {
            let head = try input.peek(count)
            found = FormatRecognition(head: head, isWhole: head.count < count)
            if head.count < count { break }
            switch found?.finding {
            case .other, .broken: continue
            default: break looking
            }
        }
        self = found ?? FormatRecognition(head: [], isWhole: true)
    }

    private static func finding(_ kind: FileKind) -> Finding { kind.way == .none ? .other(kind) : .packed(kind, nil) }

    private static func binary(_ plain: [UInt8], isWhole: Bool) -> Finding? {
        if plain.starts(with: FileHeader.magic) { return .weir }
        if let kind = FileKind.signed(plain), !ChampSimLayout.isCertain(plain) {
            // Entries of a zip archive begin with 30 bytes and a name; drmemtrace calls them so.
            let isChunked = plain.starts(with: [0x50, 0x4B, 0x03, 0x04]) && plain.dropFirst(30).starts(with: "chunk.".utf8)
            if isChunked { return .packed(kind, RecognisedFormat(.drmemtrace)) }
            return finding(kind)
        }
        let memoryTrace = plain.withUnsafeBytes { (isRaw: MemoryTraceRecord.isRaw($0), bytes: MemoryTraceRecord.recordBytes($0)) }
        if memoryTrace.isRaw {
            return .unread(
                name: "a thread's raw trace of DynamoRIO's drmemtrace",
                cure: "Post-process it with 'drrun -t drmemtrace -indir DIRECTORY', and import a file of DIRECTORY/trace")
        }
        if memoryTrace.bytes != nil { return .formats([RecognisedFormat(.drmemtrace)]) }
        guard plain.prefix(1 << 12).contains(0) else { return nil }
        let standard = ChampSimLayout.standard.fits(plain, isWhole: isWhole)
        let cloudSuite = ChampSimLayout.cloudSuite.fits(plain, isWhole: isWhole)
        var formats: [RecognisedFormat] = []
        if standard { formats.append(RecognisedFormat(.champsim)) }
        if cloudSuite {
            formats.append(RecognisedFormat(.champsim, "a trace of ChampSim in CloudSuite's layout", isCloudSuite: true))
        }
        return formats.isEmpty ? nil : .formats(formats)
    }

    /// The step that is missing.
    private static func postProcessing(_ list: String) -> String {
        "Run Accel-Sim's post-traces-processing on \(list), and import the kernelslist.g that comes out, whose kernels are .traceg files"
    }

    private static func text(_ plain: [UInt8], isWhole: Bool) -> Finding {
        let bytes = plain.starts(with: FileKind.utf8Mark) ? plain.dropFirst(FileKind.utf8Mark.count) : plain[...]
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        // What follows the last line end may be cut, unless it is all there is.
        if !isWhole, lines.count > 1 { lines.removeLast() }
        let evidence = lines.lazy.map(LineEvidence.init)
        let first = evidence.prefix(lineLimit).filter { !$0.isBlank }
        if first.prefix(64).contains(where: \.isAccelSimKernel) {
            if let next = first.drop(while: { !$0.isInstructionsHeader }).dropFirst().first, !next.beginsThreadBlock {
                return .unread(name: "a kernel of Accel-Sim before post-processing", cure: postProcessing("the kernelslist beside it"))
            }
            return .formats([RecognisedFormat(.accelSim, "a kernel of Accel-Sim")])
        }
        if evidence.contains(where: \.isNVBit) { return .formats([RecognisedFormat(.nvbit)]) }
        if evidence.contains(where: \.isLackeyBanner) || CPUTrial(bytes, as: .lackey, untilFirst: true).fitting > 0 {
            return .formats([RecognisedFormat(.lackey)])
        }
        let count = first.count
        if count > 0, first.count(where: \.isKernelsListCommand) * 2 > count {
            if first.contains(where: \.isRawKernelsListCommand) {
                return .unread(name: "a list of Accel-Sim's kernels before post-processing", cure: postProcessing("this list"))
            }
            return .formats([RecognisedFormat(.accelSim, "a list of Accel-Sim's kernels")])
        }
        // What follows the last line end may be cut, as above.
        let whole = isWhole || lines.count <= 1 ? bytes : bytes[...(bytes.lastIndex(of: 10) ?? bytes.startIndex)]
        let din = CPUTrial(whole, as: .din, lineLimit: lineLimit)
        let ramulator = CPUTrial(whole, as: .ramulator, lineLimit: lineLimit)
        var formats: [RecognisedFormat] = []
        if din.fits { formats.append(RecognisedFormat(.din, din.name(.din))) }
        // Whole lines that Dinero alone reads, such as addresses with letters, are no damaged lines of Ramulator's. A label that Dinero
        // has not may be a number of Ramulator's instructions.
        if ramulator.fits, !(din.fits && din.damaged == 0 && ramulator.damaged > 0) {
            formats.append(RecognisedFormat(.ramulator, ramulator.name(.ramulator)))
        }
        if !formats.isEmpty { return .formats(formats) }
        return .other(FileKind.ofText(Array(plain.prefix(FileKind.headBytes))) ?? FileKind("text of no format that Weir knows"))
    }
}
