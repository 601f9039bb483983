import CZlib
import Content

/// Inflates a gzip file's bytes.
enum GzipReader {
    /// A description of what is wrong with compressed bytes.
    struct Damage: Error {
        let reason: String
    }

    /// Largest plain size accepted. Digests and time lines are far smaller.
    static let largestPlainBytes = 128 << 20

    /// The plain bytes of one or more gzip members, without a UTF-8 byte order mark at the start.
    static func inflate(_ compressed: [UInt8]) throws(Damage) -> [UInt8] {
        guard FileKind.isGzip(compressed) else {
            let head = Array(compressed.prefix(FileKind.headBytes))
            let kind = FileKind.isXZ(head) ? .xz : FileKind.notText(head) ?? FileKind.ofText(head)
            throw Damage(reason: "this is \(kind?.name ?? "text"), not a gzip stream")
        }
        var stream = z_stream()
        guard inflateInit2_(&stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Damage(reason: "zlib could not start")
        }
        defer { inflateEnd(&stream) }
        var input = compressed
        var plain: [UInt8] = []
        var failure: String?
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while failure == nil {
                let status = buffer.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    return CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                plain.append(contentsOf: buffer[..<(buffer.count - Int(stream.avail_out))])
                if plain.count > largestPlainBytes { failure = "more than \(largestPlainBytes) plain bytes" }
                if status == Z_STREAM_END {
                    if stream.avail_in == 0 { break }
                    if inflateReset(&stream) != Z_OK { failure = "zlib could not start the next member" }
                } else if status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0) {
                    failure = "it ends early"
                } else if status != Z_OK {
                    failure = stream.msg.map { String(cString: $0) } ?? "zlib status \(status)"
                }
            }
        }
        if let failure { throw Damage(reason: failure) }
        return plain.starts(with: FileKind.utf8Mark) ? Array(plain.dropFirst(FileKind.utf8Mark.count)) : plain
    }
}
