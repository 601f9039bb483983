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
    /// Lines with which a text begins.
    private static let beginningLines = 64
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
            // Entries of a zip archive begin with 30 bytes and a name.
            let entry = plain.starts(with: [0x50, 0x4B, 0x03, 0x04]) ? plain.dropFirst(30) : []
            let format = ImportFormat.all.first { $0.archiveEntry.map { entry.starts(with: $0.utf8) } ?? false }
            return format.map { .packed(kind, RecognisedFormat($0)) } ?? finding(kind)
        }
        for kind in BinarySign.Kind.allCases {
            for sign in ImportFormat.all.lazy.flatMap(\.binarySigns) where sign.kind == kind {
                if let finding = sign.finding(plain, isWhole) { return finding }
            }
        }
        return nil
    }

    private static func text(_ plain: [UInt8], isWhole: Bool) -> Finding {
        let bytes = plain.starts(with: FileKind.utf8Mark) ? plain.dropFirst(FileKind.utf8Mark.count) : plain[...]
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line end may be cut, unless it is all there is.
        if !isWhole, lines.count > 1 { lines.removeLast() }
        let evidence = lines.lazy.map(LineEvidence.init)
        let first = evidence.prefix(lineLimit).filter { !$0.isBlank }
        let count = first.count
        for reach in [TextSign.Reach.beginning, .anyLine, .mostLines] {
            for format in ImportFormat.all {
                for sign in format.textSigns where sign.reach == reach {
                    let isMet = switch reach {
                    case .beginning: first.prefix(beginningLines).contains(where: sign.isMet)
                    case .anyLine: evidence.contains(where: sign.isMet)
                    case .mostLines, .nearlyAllLines: first.count(where: sign.isMet) * 2 > count
                    }
                    if isMet { return .formats([RecognisedFormat(format, sign.name)]) }
                }
            }
        }
        if count > 0 {
            let misfits = ImportFormat.all.flatMap { format in
                format.textSigns.filter { $0.reach == .nearlyAllLines }.map { sign in
                    (format: RecognisedFormat(format, sign.name), lines: count - first.count(where: sign.isMet))
                }
            }
            // One line in ten may be damaged; of several formats the one with fewest such lines is taken.
            let fewest = misfits.map(\.lines).min() ?? count
            if fewest * 10 <= count { return .formats(misfits.filter { $0.lines == fewest }.map(\.format)) }
        }
        return .other(FileKind.ofText(Array(plain.prefix(FileKind.headBytes))) ?? FileKind("text of no format that Weir knows"))
    }
}
