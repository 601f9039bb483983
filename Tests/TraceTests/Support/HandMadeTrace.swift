/// A `.weir` file put together byte by byte after docs/trace-format.md, without the code under test, so that tests can
/// give any field any value under right checksums.
struct HandMadeTrace {
    /// A record; nil fields are computed as an honest writer would.
    struct Record {
        var tag: String
        var launch: UInt32 = 0
        var number: UInt32 = 0
        var firstBlock: UInt32 = 0
        var blockCount: UInt32 = 1
        var plain: [UInt8]
        var plainByteCount: UInt32?
        var storedByteCount: UInt32?
        var stored: [UInt8]?
    }

    var records: [Record]
    var version: UInt16 = 2
    var producer: [UInt8] = Array("hand".utf8)
    var indexOffset: UInt64?
    var fileByteCount: UInt64?
    var launchCount: UInt32?
    var index: [UInt8]?

    /// A launch of `blocks` blocks with two tensors, and one chunk with these plain bytes.
    static func oneChunk(_ plain: [UInt8], blocks: UInt32 = 1) -> HandMadeTrace {
        HandMadeTrace(records: [
            Record(tag: "LNCH", blockCount: blocks, plain: launch(grid: [UInt64(blocks), 1, 1])),
            Record(tag: "CHNK", blockCount: blocks, plain: plain),
        ])
    }

    /// Plain bytes of a launch record.
    static func launch(
        name: [UInt8] = Array("k".utf8), grid: [UInt64] = [1, 1, 1], threads: UInt64 = 128, registers: UInt64 = 32,
        sharedMemory: UInt64 = 0, flags: UInt8 = 0,
        tensors: [(base: UInt64, byteCount: UInt64)] = [(4096, 64), (8192, 64)],
        tensorCount: UInt64? = nil, nameLength: UInt64? = nil
    ) -> [UInt8] {
        var bytes = varint(nameLength ?? UInt64(name.count)) + name
        for value in grid + [threads, registers, sharedMemory] { bytes += varint(value) }
        bytes.append(flags)
        bytes += [0] + varint(tensorCount ?? UInt64(tensors.count))
        for tensor in tensors {
            bytes += [1, UInt8(ascii: "t")] + varint(tensor.base) + varint(tensor.byteCount) + [1, 0x66]
        }
        return bytes
    }

    var bytes: [UInt8] {
        var file: [UInt8] = [0x89, 0x57, 0x45, 0x49, 0x52, 0x0d, 0x0a, 0x1a]
        file += Self.little(UInt64(version), 2) + Self.little(UInt64(producer.count), 2) + producer
        file += Self.little(UInt64(Self.crc32(file)), 4)
        var entries: [UInt8] = []
        for record in records {
            entries += Self.little(UInt64(file.count), 8) + Self.header(record).prefix(20)
            file += Self.encoded(record)
        }
        let start = UInt64(file.count)
        let launches = launchCount ?? UInt32(records.count { $0.tag == "LNCH" })
        file += Self.encoded(
            Record(tag: "INDX", launch: launches, blockCount: UInt32(records.count), plain: index ?? entries))
        var trailer = Array("WEND".utf8) + Self.little(UInt64(launches), 4) + Self.little(UInt64(records.count), 4)
        trailer += Self.little(indexOffset ?? start, 8) + Self.little(fileByteCount ?? UInt64(file.count + 32), 8)
        return file + trailer + Self.little(UInt64(Self.crc32(trailer)), 4)
    }

    private static func encoded(_ record: Record) -> [UInt8] {
        header(record) + (record.stored ?? zlibStored(record.plain))
    }

    private static func header(_ record: Record) -> [UInt8] {
        let stored = record.stored ?? zlibStored(record.plain)
        var bytes = Array(record.tag.utf8)
        for value in [
            record.launch, record.number, record.firstBlock, record.blockCount,
            record.plainByteCount ?? UInt32(record.plain.count), record.storedByteCount ?? UInt32(stored.count),
            crc32(record.plain), crc32(stored),
        ] {
            bytes += little(UInt64(value), 4)
        }
        return bytes + little(UInt64(crc32(bytes)), 4)
    }

    static func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * UInt64($0)) & 255) }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xedb8_8320 : remainder >> 1 }
        }
        return ~remainder
    }

    /// A zlib stream of one stored block; up to 65,535 bytes.
    static func zlibStored(_ plain: [UInt8]) -> [UInt8] {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in plain {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let length = UInt64(plain.count)
        return [0x78, 0x01, 0x01] + little(length, 2) + little(~length & 0xffff, 2) + plain
            + [UInt8(high >> 8), UInt8(high & 255), UInt8(low >> 8), UInt8(low & 255)]
    }
}
