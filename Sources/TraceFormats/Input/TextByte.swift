/// Classes of bytes in ASCII text.
extension UInt8 {
    /// A space or a tab.
    @inline(__always)
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// A decimal digit.
    @inline(__always)
    var isDigit: Bool { self &- UInt8(ascii: "0") <= 9 }

    /// A hexadecimal digit, small or capital.
    @inline(__always)
    var isHexadecimalDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(lowercased) }

    /// A capital letter as a small one. The result is meaningless for bytes that are not letters.
    @inline(__always)
    var lowercased: UInt8 { self | 0x20 }
}
