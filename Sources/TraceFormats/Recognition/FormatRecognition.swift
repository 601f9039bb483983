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
        finding = Self.binary(plain, isWhole: inflated.isWhole)
            ?? FileKind.notText(Array(plain.prefix(FileKind.headBytes))).map(Self.finding)
            ?? Self.text(plain, isWhole: inflated.isWhole)
    }

    /// Looks at the first bytes of `input`, which stay to be read: at more of them where a few do not tell.
    /// - Throws: `TraceError.system`.
    package init(peekingAt input: ByteInput) throws(TraceError) {
        var found: FormatRecognition?
        for count in Self.headBytes {
            let head = try input.peek(count)
            found = FormatRecognition(head: head, isWhole: head.count < count)
            if head.count < count { break }
            if case .other = found?.finding { continue }
            break
        }
        self = found ?? FormatRecognition(head: [], isWhole: true)
    }

    private static func finding(_ kind: FileKind) -> Finding { kind.way == .none ? .other(kind) : .packed(kind, nil) }

    private static func binary(_ plain: [UInt8], isWhole: Bool) -> Finding? {
        if plain.starts(with: FileHeader.magic) { return .weir }
        if let kind = FileKind.signed(plain) {
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

    private static func text(_ plain: [UInt8], isWhole: Bool) -> Finding {
        let bytes = plain.starts(with: FileKind.utf8Mark) ? plain.dropFirst(FileKind.utf8Mark.count) : plain[...]
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        // What follows the last line end may be cut, unless it is all there is.
        if !isWhole, lines.count > 1 { lines.removeLast() }
        let evidence = lines.lazy.map(LineEvidence.init)
        let first = evidence.prefix(lineLimit).filter { !$0.isBlank }
        if first.prefix(64).contains(where: \.isAccelSimKernel) {
            return .formats([RecognisedFormat(.accelSim, "a kernel of Accel-Sim")])
        }
        if evidence.contains(where: \.isNVBit) { return .formats([RecognisedFormat(.nvbit)]) }
        if evidence.contains(where: \.isLackey) { return .formats([RecognisedFormat(.lackey)]) }
        let count = first.count
        if count > 0, first.count(where: \.isKernelsListCommand) * 2 > count {
            return .formats([RecognisedFormat(.accelSim, "a list of Accel-Sim's kernels")])
        }
        // One line in ten may be damaged; of two formats the one with fewer such lines is taken.
        let din = count - first.count(where: \.isDin)
        let ramulator = count - first.count(where: \.isRamulator)
        if count > 0, min(din, ramulator) * 10 <= count {
            let formats = [(din, RecognisedFormat(.din)), (ramulator, RecognisedFormat(.ramulator))]
            return .formats(formats.filter { $0.0 == min(din, ramulator) }.map(\.1))
        }
        return .other(FileKind.ofText(Array(plain.prefix(FileKind.headBytes))) ?? FileKind("text of no format that Weir knows"))
    }
}
