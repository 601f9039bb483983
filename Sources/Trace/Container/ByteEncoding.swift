/// Little-endian integers, variable-length integers and strings, appended to bytes.
extension [UInt8] {
    mutating func appendLittleEndian(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value &>> 8))
    }

    mutating func appendLittleEndian(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { append(UInt8(truncatingIfNeeded: value &>> shift)) }
    }

    package mutating func appendLittleEndian(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value &>> shift)) }
    }

    /// Seven bits a byte, low bits first. Bit 7 is set in all bytes but the last.
    @inlinable package mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// A signed value as a varint. The varints 0, 1, 2, 3, ... stand for 0, -1, 1, -2, ... in this order.
    @inlinable package mutating func appendZigZag(_ value: Int64) {
        appendVarint(UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)))
    }

    /// The number of UTF-8 bytes as a varint, followed by the bytes.
    mutating func appendString(_ text: String) {
        let bytes = text.utf8
        appendVarint(UInt64(bytes.count))
        append(contentsOf: bytes)
    }

    /// The 32-bit integer at `offset`. Precondition: it lies within the bytes.
    func littleEndian32(at offset: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(self[offset + index]) &<< UInt32(8 * index) }
        return value
    }

    /// The 64-bit integer at `offset`. Precondition: it lies within the bytes.
    package func littleEndian64(at offset: Int) -> UInt64 {
        UInt64(littleEndian32(at: offset)) | UInt64(littleEndian32(at: offset + 4)) &<< 32
    }
}
