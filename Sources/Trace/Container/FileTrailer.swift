/// The last bytes of a file. They have a fixed length and tell where the index is and how long the file must be.
struct FileTrailer: Equatable {
    static let byteCount = 32
    /// `WEND`
    static let tag: UInt32 = 0x444e_4557

    var launchCount: UInt32
    var entryCount: UInt32
    var indexOffset: UInt64
    /// Length of the whole file, including the trailer.
    var fileByteCount: UInt64

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(Self.tag)
        bytes.appendLittleEndian(launchCount)
        bytes.appendLittleEndian(entryCount)
        bytes.appendLittleEndian(indexOffset)
        bytes.appendLittleEndian(fileByteCount)
        bytes.appendLittleEndian(ZlibCodec.checksum(bytes))
        return bytes
    }

    init(launchCount: UInt32, entryCount: UInt32, indexOffset: UInt64, fileByteCount: UInt64) {
        self.launchCount = launchCount
        self.entryCount = entryCount
        self.indexOffset = indexOffset
        self.fileByteCount = fileByteCount
    }

    init(_ bytes: [UInt8], place: TracePlace) throws(TraceError) {
        guard bytes.count == Self.byteCount else {
            throw .truncated(place, expected: Self.byteCount, found: bytes.count)
        }
        let recorded = bytes.littleEndian32(at: 28)
        let computed = ZlibCodec.checksum(bytes[..<28])
        guard bytes.littleEndian32(at: 0) == Self.tag || recorded == computed else {
            throw .malformed(
                place, what: "the end of the file", found: "no trailer",
                expected: "a trailer; the file is cut, still being written, or something was appended to it")
        }
        guard recorded == computed else {
            throw .damaged(place, what: "the trailer", expected: recorded, found: computed)
        }
        guard bytes.littleEndian32(at: 0) == Self.tag else {
            throw .malformed(
                place, what: "the trailer's tag", found: "\(bytes.littleEndian32(at: 0))", expected: "WEND")
        }
        launchCount = bytes.littleEndian32(at: 4)
        entryCount = bytes.littleEndian32(at: 8)
        indexOffset = bytes.littleEndian64(at: 12)
        fileByteCount = bytes.littleEndian64(at: 20)
    }
}
