import CZlib

/// zlib for whole records. Each record is an independent zlib stream.
enum ZlibCodec {
    /// CRC-32 as in zlib, gzip and PNG.
    static func checksum(_ bytes: [UInt8]) -> UInt32 { checksum(bytes[...]) }

    static func checksum(_ bytes: ArraySlice<UInt8>, continuing start: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: crc32_z(UInt(start), buffer.baseAddress, buffer.count))
        }
    }

    /// The bytes as a zlib stream. The same input, level and zlib version give the same output.
    static func deflate(_ plain: [UInt8], level: Int, place: TracePlace) throws(TraceError) -> [UInt8] {
        let bound = Int(compressBound(UInt(plain.count)))
        var status: Int32 = Z_OK
        let stored = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            var length = UInt(bound)
            status = plain.withUnsafeBufferPointer { source in
                compress2(buffer.baseAddress, &length, source.baseAddress, UInt(source.count), Int32(level))
            }
            count = status == Z_OK ? Int(length) : 0
        }
        guard status == Z_OK else {
            throw .system(
                place, call: "compress2", message: status == Z_MEM_ERROR ? "out of memory" : "status \(status)")
        }
        return stored
    }

    /// The plain bytes of a zlib stream. They must be `count` bytes and use up all of `stored`.
    static func inflate(_ stored: [UInt8], count expected: Int, place: TracePlace) throws(TraceError) -> [UInt8] {
        var status: Int32 = Z_OK
        var consumed = UInt(stored.count)
        // zlib needs room for one byte even where none is expected.
        let plain = [UInt8](unsafeUninitializedCapacity: Swift.max(expected, 1)) { buffer, count in
            var length = UInt(expected)
            status = stored.withUnsafeBufferPointer { source in
                uncompress2(buffer.baseAddress, &length, source.baseAddress, &consumed)
            }
            count = status == Z_OK ? Swift.min(Int(length), expected) : 0
        }
        guard status != Z_MEM_ERROR else { throw .system(place, call: "uncompress2", message: "out of memory") }
        guard status == Z_OK, plain.count == expected, consumed == UInt(stored.count) else {
            throw .malformed(
                place, what: "the zlib stream", found: "status \(status), \(plain.count) plain bytes",
                expected: "\(expected) plain bytes")
        }
        return plain
    }
}
