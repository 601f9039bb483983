/// The text after the letter of a line of lackey, or of a line that only looks like one: `04222c88,8`.
struct LackeyToken {
    /// What follows the hexadecimal digits.
    enum Rest: Equatable {
        case nothing
        /// A comma and a number.
        case size(UInt64)
        /// A comma and something that begins with a digit, or nothing.
        case brokenSize
        /// Anything else, including a comma with text after it.
        case text
    }

    /// Hexadecimal digits at the beginning.
    private(set) var digits = 0
    private(set) var rest = Rest.text
    let byteCount: Int
    /// Whether one of the digits is decimal. Without a decimal digit the text may be a word.
    private var hasDecimalDigit = false
    /// The value of the digits; nil where it needs more than 64 bits.
    private var address: UInt64? = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        byteCount = bytes.count
        var place = 0
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0"), bytes[1].lowercased == UInt8(ascii: "x") { place = 2 }
        while place < bytes.count, let digit = Self.digit(bytes[place]) {
            address = address.flatMap { $0 >> 60 == 0 ? $0 << 4 | digit : nil }
            if bytes[place].isDigit { hasDecimalDigit = true }
            digits += 1
            place += 1
        }
        guard place < bytes.count else {
            rest = .nothing
            return
        }
        guard bytes[place] == UInt8(ascii: ",") else { return }
        let size = bytes[(place + 1)...]
        if let first = size.first, !first.isDigit { return }
        rest = .brokenSize
        guard !size.isEmpty, size.count <= 5, size.allSatisfy(\.isDigit) else { return }
        rest = .size(size.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) })
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        guard byte.isHexadecimalDigit else { return nil }
        return UInt64(byte.isDigit ? byte - UInt8(ascii: "0") : byte.lowercased - UInt8(ascii: "a") + 10)
    }

    /// Address and size, where the token has both and a trace can hold them.
    var access: (address: UInt64, size: UInt64)? {
        guard digits > 0, let address, case .size(let size) = rest, size >= 1, size <= CPUTraceImporter.largestBytes
        else { return nil }
        return (address, size)
    }

    /// Whether a token that is no access is the rest of one, rather than a word of the program's output. Lackey writes
    /// eight digits or more, and after them a comma and a number.
    /// - Parameters:
    ///   - isLast: whether nothing follows on the line.
    ///   - hasOwnBlanks: whether lackey's own blanks stand around the letter.
    func isBrokenAccess(isLast: Bool, hasOwnBlanks: Bool) -> Bool {
        guard digits > 0, digits < 7 else { return digits > 0 }
        switch rest {
        case .size: return digits >= 5 || hasOwnBlanks || isLast
        case .brokenSize: return hasDecimalDigit && (digits >= 5 || hasOwnBlanks || isLast)
        case .nothing: return hasDecimalDigit && (digits >= 5 || hasOwnBlanks && isLast)
        case .text: return hasDecimalDigit && (digits >= 5 || hasOwnBlanks)
        }
    }

    /// The access in lackey's own spelling at the end of a line that begins with other text. The program wrote this
    /// text without a line break.
    static func behindText(_ line: UnsafeRawBufferPointer) -> (letter: UInt8, token: LackeyToken)? {
        guard let blank = line.lastIndex(of: UInt8(ascii: " ")), blank >= 2 else { return nil }
        let token = LackeyToken(UnsafeRawBufferPointer(rebasing: line[(blank + 1)...]))
        guard token.digits >= 8 else { return nil }
        let before = line[blank - 1]
        let (space, fetch) = (UInt8(ascii: " "), UInt8(ascii: "I"))
        if "LSM".utf8.contains(before), line[blank - 2] == space { return (before, token) }
        return before == space && line[blank - 2] == fetch ? (fetch, token) : nil
    }
}
