/// One entry of the index: the header of a launch record or chunk, and where the record begins.
struct IndexEntry: Equatable {
    static let byteCount = 28

    var offset: UInt64
    /// The record's header. Lengths and checksums are not part of the index, so they are zero here.
    var header: RecordHeader

    init(offset: UInt64, header: RecordHeader) {
        self.offset = offset
        self.header = RecordHeader(
            kind: header.kind, launch: header.launch, number: header.number, firstBlock: header.firstBlock,
            blockCount: header.blockCount)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendLittleEndian(offset)
        for value in [header.kind.rawValue, header.launch, header.number, header.firstBlock, header.blockCount] {
            bytes.appendLittleEndian(value)
        }
    }

    /// Parses the entry at `start`. Precondition: `byteCount` bytes are there.
    init(_ bytes: [UInt8], at start: Int, place: TracePlace) throws(TraceError) {
        offset = bytes.littleEndian64(at: start)
        let tag = bytes.littleEndian32(at: start + 8)
        guard let kind = RecordHeader.Kind(rawValue: tag) else {
            throw .malformed(place, what: "tag of an index entry", found: "\(tag)", expected: "LNCH or CHNK")
        }
        header = RecordHeader(
            kind: kind, launch: bytes.littleEndian32(at: start + 12), number: bytes.littleEndian32(at: start + 16),
            firstBlock: bytes.littleEndian32(at: start + 20), blockCount: bytes.littleEndian32(at: start + 24))
    }
}
