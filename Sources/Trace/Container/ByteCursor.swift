/// Reads the plain bytes of one record. Every step is checked, so hostile bytes end in an error.
struct ByteCursor {
    private let bytes: [UInt8]
    private(set) var offset = 0
    /// The record that the bytes come from. Errors name it.
    let place: TracePlace

    init(_ bytes: [UInt8], place: TracePlace) {
        self.bytes = bytes
        self.place = place
    }

    var remaining: Int { bytes.count - offset }

    func malformed(_ what: String, found: String, expected: String) -> TraceError {
        .malformed(place, what: "\(what) at plain byte \(offset)", found: found, expected: expected)
    }

    @inline(__always)
    mutating func byte() throws(TraceError) -> UInt8 {
        guard offset < bytes.count else { throw endError() }
        let value = bytes[offset]
        offset += 1
        return value
    }

    @inline(__always)
    mutating func varint() throws(TraceError) -> UInt64 {
        guard offset < bytes.count else { throw endError() }
        let first = bytes[offset]
        offset += 1
        return first < 0x80 ? UInt64(first) : try longVarint(first)
    }

    @inline(__always)
    mutating func zigZag() throws(TraceError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value &>> 1) ^ (0 &- Int64(bitPattern: value & 1))
    }

    private mutating func longVarint(_ first: UInt8) throws(TraceError) -> UInt64 {
        var value = UInt64(first & 0x7f)
        var shift: UInt64 = 7
        while true {
            let next = try byte()
            // The tenth byte can only hold bit 63.
            if shift == 63, next > 1 {
                throw malformed("a varint", found: "longer than 64 bits", expected: "at most 64 bits")
            }
            value |= UInt64(next & 0x7f) &<< shift
            if next < 0x80 {
                guard next != 0 else {
                    throw malformed("a varint", found: "padded with zero bits", expected: "its shortest form")
                }
                return value
            }
            shift += 7
        }
    }

    /// A varint that must not exceed `limit`.
    mutating func varint(_ what: String, atMost limit: Int) throws(TraceError) -> Int {
        let value = try varint()
        guard value <= UInt64(limit) else {
            throw .limitExceeded(place, what: what, found: value, limit: UInt64(limit))
        }
        return Int(value)
    }

    mutating func string(_ what: String) throws(TraceError) -> String {
        let count = try varint("length of \(what)", atMost: TraceLimits.stringBytes)
        guard count <= remaining else { throw endError() }
        let text = bytes[offset..<(offset + count)]
        guard let result = String(strictUTF8: text) else {
            throw malformed(what, found: "\(count) bytes that are not UTF-8", expected: "UTF-8")
        }
        offset += count
        return result
    }

    /// Checks that nothing is left.
    func finish() throws(TraceError) {
        guard remaining == 0 else {
            throw malformed("the record", found: "\(remaining) bytes too long", expected: "its end")
        }
    }

    private func endError() -> TraceError {
        malformed("the record", found: "at its end", expected: "more bytes")
    }
}

extension String {
    /// Nil unless the bytes are UTF-8.
    init?(strictUTF8 bytes: ArraySlice<UInt8>) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.elementsEqual(bytes) else { return nil }
        self = text
    }
}
