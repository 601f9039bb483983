/// The fixed-length header before the stored bytes of a launch record, a chunk or the index.
struct RecordHeader: Equatable {
    /// What a record holds. The raw value is four ASCII letters, little-endian.
    enum Kind: UInt32 {
        /// `LNCH`
        case launch = 0x4843_4e4c
        /// `CHNK`
        case chunk = 0x4b4e_4843
        /// `INDX`
        case index = 0x5844_4e49
    }

    static let byteCount = 40

    var kind: Kind
    /// Number of the launch. In the index it is the number of launches.
    var launch: UInt32
    /// Number of the chunk in its launch; 0 in other records.
    var number: UInt32 = 0
    /// First block of the chunk; 0 in other records.
    var firstBlock: UInt32 = 0
    /// Number of blocks of the launch or chunk. In the index it is the number of entries.
    var blockCount: UInt32
    var plainByteCount: UInt32 = 0
    var storedByteCount: UInt32 = 0
    var plainChecksum: UInt32 = 0
    var storedChecksum: UInt32 = 0

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for value in [
            kind.rawValue, launch, number, firstBlock, blockCount, plainByteCount, storedByteCount, plainChecksum,
            storedChecksum,
        ] {
            bytes.appendLittleEndian(value)
        }
        bytes.appendLittleEndian(ZlibCodec.checksum(bytes))
        return bytes
    }

    /// The header and the stored bytes of a record. The stored bytes are `plain`, deflated.
    static func record(
        _ kind: Kind, launch: UInt32, number: UInt32 = 0, firstBlock: UInt32 = 0, blockCount: UInt32, plain: [UInt8],
        level: Int, place: TracePlace
    ) throws(TraceError) -> (header: RecordHeader, bytes: [UInt8]) {
        guard plain.count <= TraceLimits.plainBytes else {
            throw .limitExceeded(
                place, what: "plain length of the record", found: UInt64(plain.count),
                limit: UInt64(TraceLimits.plainBytes))
        }
        let stored = try ZlibCodec.deflate(plain, level: level, place: place)
        let header = RecordHeader(
            kind: kind, launch: launch, number: number, firstBlock: firstBlock, blockCount: blockCount,
            plainByteCount: UInt32(truncatingIfNeeded: plain.count),
            storedByteCount: UInt32(truncatingIfNeeded: stored.count), plainChecksum: ZlibCodec.checksum(plain),
            storedChecksum: ZlibCodec.checksum(stored))
        return (header, header.encoded + stored)
    }
}

extension RecordHeader {
    /// Checks and parses the header's bytes.
    init(_ bytes: [UInt8], place: TracePlace) throws(TraceError) {
        guard bytes.count == Self.byteCount else {
            throw .truncated(place, expected: Self.byteCount, found: bytes.count)
        }
        let recorded = bytes.littleEndian32(at: 36)
        let computed = ZlibCodec.checksum(bytes[..<36])
        guard recorded == computed else {
            throw .damaged(place, what: "the record header", expected: recorded, found: computed)
        }
        let tag = bytes.littleEndian32(at: 0)
        guard let kind = Kind(rawValue: tag) else {
            throw .malformed(place, what: "the record's tag", found: "\(tag)", expected: "LNCH, CHNK or INDX")
        }
        self.init(
            kind: kind, launch: bytes.littleEndian32(at: 4), number: bytes.littleEndian32(at: 8),
            firstBlock: bytes.littleEndian32(at: 12), blockCount: bytes.littleEndian32(at: 16),
            plainByteCount: bytes.littleEndian32(at: 20), storedByteCount: bytes.littleEndian32(at: 24),
            plainChecksum: bytes.littleEndian32(at: 28), storedChecksum: bytes.littleEndian32(at: 32))
        try checkLengths(place)
    }

    private func checkLengths(_ place: TracePlace) throws(TraceError) {
        let limit = TraceLimits.plainBytes
        guard plainByteCount <= limit else {
            throw .limitExceeded(
                place, what: "plain length of the record", found: UInt64(plainByteCount), limit: UInt64(limit))
        }
        // zlib's own bound for incompressible bytes, rounded up.
        let storedLimit = Int(plainByteCount) + Int(plainByteCount) / 256 + 64
        guard storedByteCount <= storedLimit else {
            throw .limitExceeded(
                place, what: "stored length of the record", found: UInt64(storedByteCount), limit: UInt64(storedLimit))
        }
        let inflatedLimit = Int(storedByteCount) * TraceLimits.inflationRatio
        guard plainByteCount <= inflatedLimit else {
            throw .limitExceeded(
                place, what: "plain length of \(storedByteCount) stored bytes", found: UInt64(plainByteCount),
                limit: UInt64(inflatedLimit))
        }
    }

    /// Checks the stored bytes against this header and inflates them.
    func inflate(_ stored: [UInt8], place: TracePlace) throws(TraceError) -> [UInt8] {
        guard stored.count == Int(storedByteCount) else {
            throw .truncated(
                place, expected: Int(storedByteCount) + Self.byteCount, found: stored.count + Self.byteCount)
        }
        let computedStored = ZlibCodec.checksum(stored)
        guard computedStored == storedChecksum else {
            throw .damaged(place, what: "the stored bytes", expected: storedChecksum, found: computedStored)
        }
        let plain = try ZlibCodec.inflate(stored, count: Int(plainByteCount), place: place)
        let computedPlain = ZlibCodec.checksum(plain)
        guard computedPlain == plainChecksum else {
            throw .damaged(place, what: "the plain bytes", expected: plainChecksum, found: computedPlain)
        }
        return plain
    }
}
