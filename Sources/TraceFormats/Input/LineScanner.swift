#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Content
import Trace

/// Reads text line by line and takes tokens from the current line, without copying either.
///
/// Lines end in `\n` or `\r\n`. The last one may end with the input, and `warnOfCutEnd` then says so. A byte order mark
/// of UTF-8 is no part of the first line. Memory holds `capacity` bytes, the longest line allowed.
struct LineScanner: ~Copyable {
    /// Bytes of the longest line. 32 addresses with their opcode take less than 1 KiB.
    static let capacity = 1 << 20

    private let input: PlainInput
    private let buffer: UnsafeMutableRawPointer
    /// Value of each character as a hexadecimal digit, or 255. A table is used because digits come in no order that
    /// branch prediction could foresee.
    private let digits: UnsafeMutablePointer<UInt8>
    /// Bytes in `buffer` that belong to later lines: `start..<end`.
    private var start = 0
    private var end = 0
    private var inputEnded = false
    /// Number of the current line, from 1; 0 before the first.
    private(set) var line: UInt64 = 0
    /// Plain bytes of all lines so far.
    private(set) var byteCount: UInt64 = 0
    /// The rest of the current line, as offsets in `buffer`.
    private var cursor = 0
    private var lineEnd = 0
    private var lineStart = 0
    /// Whether the current line ended with a line feed. Otherwise it ended with the input.
    var lineIsEnded: Bool { !isCut }
    /// Where the token that is being scanned began.
    private var mark = 0
    /// Whether the current line ends with the input, without a line break. It is then the last line and may have been
    /// cut.
    private(set) var isCut = false

    init(_ input: PlainInput) {
        self.input = input
        buffer = .allocate(byteCount: Self.capacity, alignment: 64)
        digits = .allocate(capacity: 256)
        for character in 0..<256 {
            digits[character] = UInt8(Character(Unicode.Scalar(UInt8(character))).hexDigitValue ?? 255)
        }
    }

    deinit {
        buffer.deallocate()
        digits.deallocate()
    }

    var place: FormatPlace { FormatPlace(file: input.name, line: line) }
    var inputPosition: UInt64 { input.inputPosition }

    /// Goes to the next line.
    /// - Returns: false at the end of the input.
    /// - Throws: `TraceFormatError.malformed` for a line that is too long, and what the input throws.
    mutating func nextLine() throws -> Bool {
        var searched = start
        while true {
            if let found = memchr(buffer + searched, Int32(UInt8(ascii: "\n")), end - searched) {
                take(upTo: UnsafeMutableRawPointer(found) - buffer, next: UnsafeMutableRawPointer(found) - buffer + 1)
                return true
            }
            searched = end
            if inputEnded {
                guard start < end else { return false }
                isCut = true
                take(upTo: end, next: end)
                return true
            }
            if start > 0 {
                memmove(buffer, buffer + start, end - start)
                (searched, end, start) = (searched - start, end - start, 0)
            }
            guard end < Self.capacity else {
                throw TraceFormatError.malformed(
                    FormatPlace(file: input.name, line: line + 1), what: "the line",
                    found: "longer than \(Self.capacity) bytes",
                    expected: "a line of text")
            }
            let count = try input.readText(
                into: UnsafeMutableRawBufferPointer(start: buffer + end, count: Self.capacity - end))
            end += count
            inputEnded = count == 0
        }
    }

    private mutating func take(upTo last: Int, next: Int) {
        line &+= 1
        byteCount &+= UInt64(next - start)
        lineStart = start
        lineEnd = last
        if line == 1, last - start >= 3, byte(start) == 0xEF, byte(start + 1) == 0xBB, byte(start + 2) == 0xBF {
            lineStart += 3
        }
        cursor = lineStart
        mark = lineStart
        if lineEnd > cursor, byte(lineEnd - 1) == UInt8(ascii: "\r") { lineEnd -= 1 }
        start = next
    }

    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 { buffer.load(fromByteOffset: offset, as: UInt8.self) }

    /// Goes back to the beginning of the current line.
    mutating func rewindLine() {
        cursor = lineStart
        mark = lineStart
    }

    /// Goes back to the beginning of the last token. The token has `count` bytes, and only spaces were skipped after
    /// it.
    mutating func rewindToken(_ count: Int) {
        while cursor > lineStart, byte(cursor - 1).isBlank { cursor &-= 1 }
        cursor = max(lineStart, cursor - count)
        mark = cursor
    }

    /// The current line without spaces at its end. Valid until the next line.
    var wholeLine: UnsafeRawBufferPointer {
        var last = lineEnd
        while last > lineStart, byte(last - 1).isBlank { last -= 1 }
        return UnsafeRawBufferPointer(start: buffer + lineStart, count: last - lineStart)
    }

    /// Warns where the last line has no line break. It must be called once all lines are read.
    /// - Throws: `TraceFormatError.doubtful` where the import is strict.
    func warnOfCutEnd(_ summary: inout ImportSummary) throws(TraceFormatError) {
        guard isCut else { return }
        try summary.warn(
            place, what: "the last line has no line break, so that it may have been cut",
            cure: "Compare it with the trace that was recorded; a line break behind it says that it is whole")
    }

    @inline(__always)
    mutating func skipSpaces() {
        let before = cursor
        while cursor < lineEnd, byte(cursor).isBlank { cursor &+= 1 }
        if cursor > before || cursor == lineEnd { mark = cursor }
    }

    /// Whether nothing but spaces is left of the line.
    @inline(__always)
    mutating func isAtEnd() -> Bool {
        skipSpaces()
        return cursor == lineEnd
    }

    /// The next byte of the line; nil at its end.
    @inline(__always)
    var next: UInt8? { cursor < lineEnd ? byte(cursor) : nil }

    /// Skips `expected` where it comes next.
    /// - Returns: whether it did.
    @inline(__always)
    mutating func take(_ expected: UInt8) -> Bool {
        guard cursor < lineEnd, byte(cursor) == expected else { return false }
        cursor &+= 1
        return true
    }

    /// Skips `text` where it comes next.
    /// - Returns: whether it did.
    @inline(__always)
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard lineEnd &- cursor >= count, memcmp(buffer + cursor, text.utf8Start, count) == 0 else { return false }
        cursor &+= count
        mark = cursor
        return true
    }

    /// Whether a comment comes next. It begins with `#`, `;` or `//`.
    @inline(__always)
    var startsComment: Bool {
        guard cursor < lineEnd else { return false }
        let first = byte(cursor)
        let slash = UInt8(ascii: "/")
        return first == UInt8(ascii: "#") || first == UInt8(ascii: ";")
            || first == slash && cursor &+ 1 < lineEnd && byte(cursor &+ 1) == slash
    }

    /// Whether `0x` comes next.
    @inline(__always)
    var startsHexadecimal: Bool {
        lineEnd &- cursor >= 2 && byte(cursor) == UInt8(ascii: "0") && byte(cursor &+ 1).lowercased == UInt8(ascii: "x")
    }

    /// Reads a number of hexadecimal digits, with or without `0x`; nil where there is none or it needs more than 64
    /// bits.
    @inline(__always)
    mutating func hexadecimal() -> UInt64? {
        if startsHexadecimal { cursor &+= 2 }
        var value: UInt64 = 0
        let first = cursor
        while cursor < lineEnd {
            let digit = digits[Int(byte(cursor))]
            guard digit < 16 else { break }
            guard value >> 60 == 0 else { return nil }
            value = value &<< 4 | UInt64(digit)
            cursor &+= 1
        }
        return cursor > first ? value : nil
    }

    /// As `hexadecimal`, but reads at most 16 digits. Further digits stay. The second value is the number of digits.
    @inline(__always)
    mutating func hexadecimalOfWord() -> (value: UInt64, digits: Int)? {
        if startsHexadecimal { cursor &+= 2 }
        var value: UInt64 = 0
        let first = cursor
        while cursor < lineEnd, cursor &- first < 16 {
            let digit = digits[Int(byte(cursor))]
            guard digit < 16 else { break }
            value = value &<< 4 | UInt64(digit)
            cursor &+= 1
        }
        return cursor > first ? (value, cursor &- first) : nil
    }

    /// Reads a number of decimal digits; nil where there is none or it needs more than 64 bits.
    @inline(__always)
    mutating func decimal() -> UInt64? {
        var value: UInt64 = 0
        let first = cursor
        while cursor < lineEnd {
            let digit = byte(cursor) &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            value = sum
            cursor &+= 1
        }
        return cursor > first ? value : nil
    }

    /// Reads a decimal number with an optional sign; nil where there is none or it needs more than 64 bits.
    @inline(__always)
    mutating func signedDecimal() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        guard let magnitude = decimal() else { return nil }
        if isNegative { return magnitude <= UInt64(1) << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// Whether a token ends here, at a space or the line's end.
    @inline(__always)
    var isAtTokenEnd: Bool { cursor == lineEnd || byte(cursor).isBlank }

    /// Reads the bytes up to the next space or the line's end. They are empty at the line's end, and valid until the
    /// next line.
    @inline(__always)
    mutating func token() -> UnsafeRawBufferPointer {
        skipSpaces()
        let first = cursor
        while !isAtTokenEnd { cursor &+= 1 }
        return UnsafeRawBufferPointer(start: buffer + first, count: cursor &- first)
    }

    /// Number of bytes of the line that have been read.
    var position: Int { cursor - lineStart }

    /// Goes to a place of the line. Its beginning is 0.
    mutating func move(to position: Int) {
        cursor = min(lineStart + position, lineEnd)
        mark = cursor
    }

    /// The bytes from here to the line's end. Valid until the next line.
    @inline(__always)
    var remaining: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer + cursor, count: lineEnd &- cursor) }

    /// Reads the rest of the line, without the spaces around it.
    mutating func rest() -> String {
        skipSpaces()
        var last = lineEnd
        while last > cursor, byte(last - 1).isBlank { last -= 1 }
        let text = UnsafeRawBufferPointer(start: buffer + cursor, count: last - cursor)
        cursor = lineEnd
        return String(decoding: text, as: UTF8.self)
    }

    /// The error about the token that was being scanned. It quotes the token (`'zz'`) or says `missing`. On a last line
    /// without line break it says that the line was cut.
    mutating func malformed(_ what: String, expected: String) -> TraceFormatError {
        cursor = mark
        let token = token()
        let found = token.isEmpty ? "missing" : "'\(String(found: token))'"
        guard !isCut else {
            return .truncated(
                place, what: "its last line, which has no line break: \(what) is \(found), expected \(expected)")
        }
        return .malformed(place, what: what, found: found, expected: expected)
    }
}
