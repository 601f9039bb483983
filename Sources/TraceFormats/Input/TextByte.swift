/// What a byte of ASCII text is.
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

    /// A letter as a small one; other characters become others.
    @inline(__always)
    var lowercased: UInt8 { self | 0x20 }
}
