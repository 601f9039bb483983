import Content
import Trace

/// The format of an input, told from its first bytes and not from its name.
package struct FormatRecognition: Equatable, Sendable {
    package enum Finding: Equatable, Sendable {
        /// The formats that the content fits. There is one, or several between which the content does not decide.
        case formats([RecognisedFormat])
        /// An archive, or a stream that Weir does not inflate, with the format inside where it is known.
        case packed(FileKind, RecognisedFormat?)
        /// A trace of Weir's own.
        case weir
        /// A format that Weir recognises but does not read. The cure says how to go on.
        case unread(name: String, cure: String)
        /// A stream that cannot be inflated far enough to tell its content.
        case broken(method: String, reason: String)
        /// Another kind of file.
        case other(FileKind)
    }

    package let finding: Finding
    /// The streams around the content, from the outside in.
    package let streams: [FileKind]

    /// Number of lines that must fit where a format is told by all lines.
    private static let lineLimit = 4096
    /// Number of lines that count as the beginning of a text.
    private static let beginningLines = 64
    /// Bytes of an input that are looked at first, and most bytes that are looked at.
    private static let headBytes = [1 << 16, 1 << 20]

    /// - Parameters:
    ///   - head: the first bytes of the input.
    ///   - isWhole: whether nothing follows them.
    package init(head: [UInt8], isWhole: Bool) {
        let inflated = HeadInflation(head, isWhole: isWhole)
        streams = inflated.streams
        let plain = inflated.plain
        let found =
            Self.binary(plain, isWhole: inflated.isWhole)
            ?? FileKind.notText(Array(plain.prefix(FileKind.headBytes))).map(Self.finding)
            ?? Self.text(plain, isWhole: inflated.isWhole)
        if let damage = inflated.damage, case .other = found {
            finding = .broken(method: damage.method, reason: damage.reason)
        } else {
            finding = found
        }
    }

    /// Looks at the first bytes of `input`. The bytes stay to be read. Where a few do not tell, it looks at more.
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
        if let kind = FileKind.signed(plain), !ImportFormat.isCertain(plain) {
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
        // The text after the last line end may be cut, unless it is all there is.
        if !isWhole, lines.count > 1 { lines.removeLast() }
        let evidence = lines.lazy.map(LineEvidence.init)
        let first = Array(evidence.prefix(lineLimit).filter { !$0.isBlank })
        for reach in [TextSign.Reach.beginning, .anyLine, .mostLines] {
            for format in ImportFormat.all {
                for sign in format.textSigns where sign.reach == reach && isMet(sign, evidence, first) {
                    return sign.unread(first) ?? .formats([RecognisedFormat(format, sign.name)])
                }
                if reach == .anyLine, let trial = format.textTrial, trial.reach == .oneLine, trial(bytes).fitting > 0 {
                    return .formats([RecognisedFormat(format)])
                }
            }
        }
        // The text after the last line end may be cut, as above.
        let whole = isWhole || lines.count <= 1 ? bytes : bytes[...(bytes.lastIndex(of: 10) ?? bytes.startIndex)]
        let formats = tried(whole)
        if !formats.isEmpty { return .formats(formats) }
        return .other(
            FileKind.ofText(Array(plain.prefix(FileKind.headBytes))) ?? FileKind("text of no format that Weir knows"))
    }

    private static func isMet(_ sign: TextSign, _ lines: some Sequence<LineEvidence>, _ first: [LineEvidence]) -> Bool {
        switch sign.reach {
        case .beginning: first.prefix(beginningLines).contains(where: sign.isMet)
        case .anyLine: lines.contains(where: sign.isMet)
        case .mostLines: first.count(where: sign.isMet) * 2 > first.count
        }
    }

    /// The formats whose readers accept nearly all first lines of `text`.
    private static func tried(_ text: ArraySlice<UInt8>) -> [RecognisedFormat] {
        let trials = ImportFormat.all.compactMap { format in
            format.textTrial.flatMap {
                $0.reach == .nearlyAllLines ? (format: format, trial: $0, read: $0(text, lineLimit: lineLimit)) : nil
            }
        }.filter(\.read.fits)
        let isReadWhole = trials.contains { $0.read.damaged == 0 }
        return trials.filter { !($0.trial.yieldsWhenDamaged && $0.read.damaged > 0 && isReadWhole) }
            .map { RecognisedFormat($0.format, $0.read.name($0.format)) }
    }
}
