#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Trace

/// Reads a binary input record by record, without copying the records. All have the same length. Memory holds 256 KiB.
struct RecordScanner: ~Copyable {
    private static let capacity = 256 << 10

    private let input: PlainInput
    /// Bytes of a record. It may be set until the first record is asked for.
    var recordBytes: Int
    private let buffer: UnsafeMutableRawPointer
    /// Bytes of later records: `start..<end`.
    private var start = 0
    private var end = 0
    private var inputEnded = false
    /// Number of the current record, from 1; 0 before the first.
    private(set) var record: UInt64 = 0

    init(_ input: PlainInput, recordBytes: Int) {
        self.input = input
        self.recordBytes = recordBytes
        buffer = .allocate(byteCount: Self.capacity, alignment: 64)
    }

    deinit { buffer.deallocate() }

    var place: FormatPlace { FormatPlace(file: input.name, record: record) }
    var file: FormatPlace { FormatPlace(file: input.name) }
    /// Plain bytes of all whole records so far.
    var byteCount: UInt64 { record * UInt64(recordBytes) }

    /// The first bytes, up to `count`; fewer only where the input ends. They stay to be read.
    mutating func lookAhead(_ count: Int) throws -> UnsafeRawBufferPointer {
        while end - start < count, !inputEnded { try refill() }
        return UnsafeRawBufferPointer(start: buffer + start, count: min(count, end - start))
    }

    /// The next record; nil at the end of the input. It is valid until the next call. The input's last record may be
    /// cut.
    @inline(__always)
    mutating func next() throws -> UnsafeRawPointer? {
        while end &- start < recordBytes {
            guard !inputEnded else { return nil }
            try refill()
        }
        let place = buffer + start
        start &+= recordBytes
        record &+= 1
        return UnsafeRawPointer(place)
    }

    /// Bytes of a last record that was cut. It is valid once `next` has given nil.
    var cutBytes: Int { end - start }

    private mutating func refill() throws {
        if start > 0 {
            memmove(buffer, buffer + start, end - start)
            (start, end) = (0, end - start)
        }
        let count = try input.read(into: UnsafeMutableRawBufferPointer(start: buffer + end, count: Self.capacity - end))
        end += count
        inputEnded = count == 0
    }
}

extension UnsafeRawPointer {
    /// A little-endian number of 8 bytes at `offset`.
    @inline(__always)
    func little64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    /// A little-endian number of 4 bytes at `offset`.
    @inline(__always)
    func little32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    /// A little-endian number of 2 bytes at `offset`.
    @inline(__always)
    func little16(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}
