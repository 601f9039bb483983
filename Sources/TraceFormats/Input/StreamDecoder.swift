import CLzma
import CZlib

/// What a step of a decoder did.
struct DecodedStep {
    /// Bytes of the source that were used.
    var consumed: Int
    /// Bytes written to the target.
    var produced: Int
}

/// Inflates a compressed stream piece by piece.
protocol StreamDecoder: AnyObject {
    /// The method's name in errors.
    var method: String { get }
    /// Whether the input may end here: no stream has begun, or the last stream is whole.
    var isAtEnd: Bool { get }
    /// Inflates from `source` into `target`. `isLast` says that no input follows `source`.
    /// - Throws: `DecoderDamage`, also where the last input leads no further.
    func step(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, isLast: Bool)
        throws(DecoderDamage)
        -> DecodedStep
}

/// Why compressed bytes cannot be inflated, in words.
struct DecoderDamage: Error {
    let reason: String
    static let endsEarly = DecoderDamage(reason: "it ends early")
}

/// gzip, RFC 1952. Members that follow one another are read as one. Zeros after a member are padding, as for `gzip
/// -dc`.
final class GzipDecoder: StreamDecoder {
    private var stream = z_stream()
    let method = "gzip"
    private(set) var isAtEnd = true
    /// Whether a member has ended.
    private var hasMember = false

    init() throws(DecoderDamage) {
        // 15 bits of window, and 16 for gzip's header.
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw DecoderDamage(reason: "zlib could not start")
        }
    }

    deinit { inflateEnd(&stream) }

    func step(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, isLast: Bool
    ) throws(DecoderDamage) -> DecodedStep {
        if isAtEnd, source.isEmpty { return DecodedStep(consumed: 0, produced: 0) }
        if isAtEnd, hasMember {
            let padding = source.firstIndex { $0 != 0 } ?? source.count
            if padding > 0 { return DecodedStep(consumed: padding, produced: 0) }
        }
        if isAtEnd { inflateReset(&stream) }
        isAtEnd = false
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(target.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        let done = DecodedStep(
            consumed: source.count - Int(stream.avail_in), produced: target.count - Int(stream.avail_out))
        switch status {
        case Z_STREAM_END: (isAtEnd, hasMember) = (true, true)
        case Z_OK, Z_BUF_ERROR: if isLast, done.consumed == 0, done.produced == 0 { throw .endsEarly }
        default: throw DecoderDamage(reason: stream.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
        return done
    }
}

/// The .xz format. Streams that follow one another, with padding between them, are read as one.
final class XZDecoder: StreamDecoder {
    /// Most memory that a stream may ask for. `xz -9` needs 65 MiB.
    private static let memoryBytes: UInt64 = 512 << 20
    /// LZMA_CONCATENATED, a macro that Swift does not import.
    private static let concatenated: UInt32 = 8
    private var stream = lzma_stream()
    let method = "xz"
    private(set) var isAtEnd = true

    init() throws(DecoderDamage) {
        guard lzma_stream_decoder(&stream, Self.memoryBytes, Self.concatenated) == LZMA_OK else {
            throw DecoderDamage(reason: "liblzma could not start")
        }
    }

    deinit { lzma_end(&stream) }

    func step(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, isLast: Bool
    ) throws(DecoderDamage) -> DecodedStep {
        stream.next_in = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = source.count
        stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = target.count
        isAtEnd = false
        let status = lzma_code(&stream, isLast ? LZMA_FINISH : LZMA_RUN)
        let done = DecodedStep(consumed: source.count - stream.avail_in, produced: target.count - stream.avail_out)
        switch status {
        case LZMA_STREAM_END: isAtEnd = true
        case LZMA_OK: break
        case LZMA_BUF_ERROR: if isLast { throw .endsEarly }
        case LZMA_MEMLIMIT_ERROR:
            throw DecoderDamage(reason: "it needs more than \(Self.memoryBytes >> 20) MiB to be read")
        case LZMA_DATA_ERROR: throw DecoderDamage(reason: "its data are damaged")
        case LZMA_FORMAT_ERROR: throw DecoderDamage(reason: "its header is damaged")
        default: throw DecoderDamage(reason: "liblzma status \(status.rawValue)")
        }
        return done
    }
}
