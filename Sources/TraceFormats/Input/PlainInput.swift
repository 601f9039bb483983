import Content
import Trace

/// The plain bytes of an input, which may be compressed with gzip or xz. The first bytes tell.
///
/// Memory holds one piece of the input and what the decoder needs: 32 KiB for gzip, and the dictionary for xz, at most
/// 512 MiB.
package final class PlainInput {
    private static let pieceBytes = 256 << 10

    private let input: ByteInput
    /// Name for errors.
    package let name: String
    /// The format that the bytes are read as, for cures; nil where it is not known.
    private let format: ImportFormat?
    private var decoder: (any StreamDecoder)?
    /// The compression of the input.
    private var stream: FileKind?
    private var hasBegun = false
    private var isChecked = false
    /// Bytes of the input that were read but not used yet: `piece[next...]`.
    private var piece: [UInt8] = []
    private var next = 0
    private var inputEnded = false
    private var isFinished = false
    /// Plain bytes that were peeked at and not read yet.
    private var head: [UInt8] = []

    /// Reads `input` from its present position on.
    /// - Parameter format: the format that the bytes are read as, for cures.
    package init(_ input: ByteInput, for format: ImportFormat? = nil) {
        self.input = input
        self.format = format
        name = input.name ?? "input"
    }

    /// Bytes of the input itself that were read so far.
    package var inputPosition: UInt64 { input.position }

    /// The first plain byte of text; nil where there is none. The byte stays to be read.
    /// - Throws: as `readText`.
    func peek() throws -> UInt8? {
        try checkText()
        return try lookAhead(1).first
    }

    /// As `read`, for an input that must be text. A mark of UTF-8 at its beginning is skipped.
    /// - Throws: `TraceFormatError.unsupported` for bytes that are no text in UTF-8, and what `read` throws.
    func readText(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        try checkText()
        return try read(into: target)
    }

    /// Fills the beginning of `target`, which is not empty, with the next plain bytes.
    /// - Returns: the number of bytes; 0 only at the end of the input.
    /// - Throws: `TraceError.system`, `TraceFormatError.compression`, and `.unsupported` for streams and archives that
    ///   Weir does not inflate.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        try checkBinary()
        guard head.isEmpty else {
            let count = min(head.count, target.count)
            head.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            head.removeFirst(count)
            return count
        }
        return try inflate(into: target)
    }

    /// Up to `count` of the next plain bytes; fewer only where the input ends. They stay to be read.
    private func lookAhead(_ count: Int) throws -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: head.count < count ? count : 0)
        while head.count < count {
            let room = count - head.count
            let received = try buffer.withUnsafeMutableBytes {
                try inflate(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<room]))
            }
            guard received > 0 else { break }
            head += buffer[..<received]
        }
        return head.prefix(count)
    }

    private func checkText() throws {
        guard !isChecked else { return }
        let first = Array(try lookAhead(FileKind.headBytes))
        if let kind = nested(first) ?? FileKind.notText(first) { throw unsupported(kind) }
        if first.starts(with: FileKind.utf8Mark) { head.removeFirst(FileKind.utf8Mark.count) }
        isChecked = true
    }

    private func checkBinary() throws {
        guard !isChecked else { return }
        let first = Array(try lookAhead(FileKind.headBytes))
        if !isCertain(first), let kind = nested(first) ?? FileKind.signed(first) { throw unsupported(kind) }
        if !isCertain(first), let kind = FileKind.encoding(first) {
            throw TraceFormatError.unsupported(
                FormatPlace(file: name), what: "this is \(kind.name)" + (stream.map { " within \($0.name)" } ?? ""),
                cure:
                    "Give \(format?.wanted ?? "a trace"), which is binary; 'weir import auto' says what else to do with text"
            )
        }
        isChecked = true
    }

    /// Whether the bytes certainly belong to the expected format, even if they begin like something else.
    private func isCertain(_ first: [UInt8]) -> Bool { format?.isCertain(first) ?? false }

    /// The compressed stream inside the compressed stream; nil where there is none.
    private func nested(_ first: [UInt8]) -> FileKind? {
        stream == nil ? nil : FileKind.isGzip(first) ? .gzip : FileKind.isXZ(first) ? .xz : nil
    }

    private func unsupported(_ kind: FileKind) -> TraceFormatError {
        let outer = stream.map { [$0] } ?? []
        return .unsupported(
            FormatPlace(file: name), what: "this is \(kind.name)" + (stream.map { " within \($0.name)" } ?? ""),
            cure: kind.cure(
                path: input.path, within: outer, into: format.map { "weir import \($0.rawValue) - --output FILE.weir" },
                wanted: format?.wanted ?? "a trace as text"))
    }

    private func inflate(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        if !hasBegun { try begin() }
        while !isFinished {
            if next == piece.count { try refill() }
            let step = try piece.withUnsafeBytes {
                try decode(UnsafeRawBufferPointer(rebasing: $0[next...]), into: target)
            }
            next += step.consumed
            if inputEnded, next == piece.count, step.produced == 0, decoder?.isAtEnd ?? true { isFinished = true }
            if step.produced > 0 { return step.produced }
        }
        return 0
    }

    private func decode(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) throws(TraceFormatError) -> DecodedStep {
        guard let decoder else {
            let count = min(source.count, target.count)
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
            return DecodedStep(consumed: count, produced: count)
        }
        do {
            return try decoder.step(source, into: target, isLast: inputEnded)
        } catch {
            throw .compression(FormatPlace(file: name), method: decoder.method, reason: error.reason)
        }
    }

    private func refill() throws(TraceError) {
        guard !inputEnded else { return }
        piece = try input.read(Self.pieceBytes)
        next = 0
        inputEnded = piece.isEmpty
    }

    private func begin() throws {
        hasBegun = true
        try refill()
        guard !isCertain(Array(piece.prefix(FileKind.headBytes))) else { return }
        do {
            if FileKind.isGzip(piece) {
                decoder = try GzipDecoder()
                stream = .gzip
            } else if FileKind.isXZ(piece) {
                decoder = try XZDecoder()
                stream = .xz
            }
        } catch {
            throw TraceFormatError.compression(FormatPlace(file: name), method: "compressed", reason: error.reason)
        }
    }
}
