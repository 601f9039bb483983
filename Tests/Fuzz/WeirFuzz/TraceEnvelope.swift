import CZlib

/// Puts plain bytes of a launch record and of chunks into a whole `.weir` file with right checksums, after
/// docs/trace-format.md, so that fuzzing reaches what stands behind the checksums.
///
/// The first byte is the number of blocks less one (its low 4 bits) and of chunks less one (bits 4 and 5); bit 6 takes
/// the launch record from the bytes, led by its length in two bytes, else it is a plain one. What is left is cut into
/// chunks of equal length.
enum TraceEnvelope {
    static func file(around bytes: [UInt8]) -> [UInt8] {
        guard let control = bytes.first else { return header }
        let blocks = UInt32(control & 15) + 1
        let chunks = min(UInt32(control >> 4 & 3) + 1, blocks)
        var rest = bytes.dropFirst()
        var launch = plainLaunch(blocks: blocks)
        if control & 64 != 0 {
            let length = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(2)
            launch = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        var file = header
        var index: [UInt8] = []
        func add(_ tag: StaticString, number: UInt32, first: UInt32, count: UInt32, plain: [UInt8]) {
            let record = record(tag, launch: 0, number: number, first: first, count: count, plain: plain)
            index += little(UInt64(file.count), 8) + record.prefix(20)
            file += record
        }
        add("LNCH", number: 0, first: 0, count: blocks, plain: launch)
        let share = rest.count / Int(chunks)
        for chunk in 0..<chunks {
            let first = blocks * chunk / chunks
            let isLast = chunk == chunks - 1
            add(
                "CHNK", number: chunk, first: first, count: blocks * (chunk + 1) / chunks - first,
                plain: Array(isLast ? rest : rest.prefix(share)))
            rest = rest.dropFirst(share)
        }
        let indexOffset = UInt64(file.count)
        file += record("INDX", launch: 1, number: 0, first: 0, count: chunks + 1, plain: index)
        var trailer = Array("WEND".utf8) + little(1, 4) + little(UInt64(chunks) + 1, 4) + little(indexOffset, 8)
        trailer += little(UInt64(file.count + 32), 8)
        return file + trailer + little(UInt64(crc(trailer)), 4)
    }

    private static let header: [UInt8] = {
        var bytes: [UInt8] =
            [0x89, 0x57, 0x45, 0x49, 0x52, 0x0D, 0x0A, 0x1A] + little(2, 2) + little(4, 2) + Array("fuzz".utf8)
        bytes += little(UInt64(crc(bytes)), 4)
        return bytes
    }()

    /// A launch record of `blocks` blocks along x, 64 threads, and two tensors.
    private static func plainLaunch(blocks: UInt32) -> [UInt8] {
        let tensor: [UInt8] = [1, 0x74, 0x80, 0x20, 0x80, 0x40, 3, 0x66, 0x33, 0x32]
        return [1, 0x6B, UInt8(truncatingIfNeeded: blocks), 1, 1, 64, 32, 0, 0, 0, 2] + tensor + tensor
    }

    private static func record(
        _ tag: StaticString, launch: UInt32, number: UInt32, first: UInt32, count: UInt32, plain: [UInt8]
    ) -> [UInt8] {
        let stored = zlibStored(plain)
        var bytes = tag.withUTF8Buffer { Array($0) }
        let fields = [launch, number, first, count, UInt32(plain.count), UInt32(stored.count), crc(plain), crc(stored)]
        for value in fields { bytes += little(UInt64(value), 4) }
        return bytes + little(UInt64(crc(bytes)), 4) + stored
    }

    /// A zlib stream of one stored block; libFuzzer's inputs are far shorter than its 65,535 bytes.
    private static func zlibStored(_ plain: [UInt8]) -> [UInt8] {
        let length = UInt64(plain.count)
        let check = UInt32(truncatingIfNeeded: adler32(1, plain, UInt32(plain.count)))
        return [0x78, 0x01, 0x01] + little(length, 2) + little(~length, 2) + plain
            + little(UInt64(check.byteSwapped), 4)
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
    }

    private static func little(_ value: UInt64, _ count: UInt64) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
