/// The first bytes of a file: its kind, its version and the program that wrote it. This layout is the same in every
/// version.
package struct FileHeader: Equatable {
    /// As in PNG, these bytes are not text and not UTF-8, and a conversion of line ends breaks them.
    package static let magic: [UInt8] = [0x89, 0x57, 0x45, 0x49, 0x52, 0x0d, 0x0a, 0x1a]
    static let currentVersion: UInt16 = 2
    /// Most bytes that an error about a file of another kind keeps. They tell the kind.
    package static let headBytes = 1 << 16
    /// Magic, version and length of the producer's name.
    static let fixedByteCount = 12

    var version = FileHeader.currentVersion
    var producer: String

    var encoded: [UInt8] {
        var bytes = Self.magic
        bytes.appendLittleEndian(version)
        bytes.appendLittleEndian(UInt16(truncatingIfNeeded: producer.utf8.count))
        bytes.append(contentsOf: producer.utf8)
        bytes.appendLittleEndian(ZlibCodec.checksum(bytes))
        return bytes
    }

    /// Reads the header, in sequence or at offset 0.
    /// - Returns: the header and its length.
    /// - Throws: `TraceError.notATrace`, `.truncated`, `.damaged`, `.unsupportedVersion`, `.malformed`, `.system`.
    static func read(from input: ByteInput, sequentially: Bool) throws(TraceError) -> (
        header: FileHeader, byteCount: Int
    ) {
        let place = TracePlace(file: input.name, part: .fileHeader, byteOffset: 0)
        var bytes = sequentially ? try input.read(fixedByteCount) : try input.read(fixedByteCount, at: 0)
        guard bytes.starts(with: magic) else {
            if bytes.count < magic.count, magic.starts(with: bytes) {
                throw .truncated(place, expected: fixedByteCount, found: bytes.count)
            }
            let rest = headBytes - bytes.count
            bytes += sequentially ? try input.read(rest) : try input.read(rest, at: UInt64(bytes.count))
            throw .notATrace(place, head: bytes)
        }
        guard bytes.count == fixedByteCount else {
            throw .truncated(place, expected: fixedByteCount, found: bytes.count)
        }
        let version = UInt16(bytes[8]) | UInt16(bytes[9]) << 8
        let producerBytes = Int(bytes[10]) | Int(bytes[11]) << 8
        guard producerBytes <= TraceLimits.stringBytes else {
            throw .limitExceeded(
                place, what: "length of the producer's name", found: UInt64(producerBytes),
                limit: UInt64(TraceLimits.stringBytes))
        }
        let restCount = producerBytes + 4
        let rest = sequentially ? try input.read(restCount) : try input.read(restCount, at: UInt64(fixedByteCount))
        guard rest.count == restCount else {
            throw .truncated(place, expected: fixedByteCount + restCount, found: fixedByteCount + rest.count)
        }
        bytes.append(contentsOf: rest)
        let recorded = bytes.littleEndian32(at: bytes.count - 4)
        let computed = ZlibCodec.checksum(bytes[..<(bytes.count - 4)])
        guard recorded == computed else {
            throw .damaged(place, what: "the file header", expected: recorded, found: computed)
        }
        guard version == currentVersion else {
            throw .unsupportedVersion(place, found: Int(version), supported: Int(currentVersion))
        }
        guard let producer = String(strictUTF8: bytes[fixedByteCount..<(bytes.count - 4)]) else {
            throw .malformed(place, what: "the producer's name", found: "not UTF-8", expected: "UTF-8")
        }
        return (FileHeader(version: version, producer: producer), bytes.count)
    }
}
