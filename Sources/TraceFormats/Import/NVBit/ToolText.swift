#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Finds the tool's text in a line that may hold other output too.
enum ToolText {
    /// What can begin at a mark.
    enum Kind {
        /// `CTX 0x`: a launch or a record, new form.
        case context
        /// `CTA ` and a digit: a record, old form.
        case record
        /// `Kernel `: a launch, old form.
        case kernel
    }

    /// Where a mark stands, and whether other text stands before it.
    struct Mark {
        let kind: Kind
        let offset: Int
        let hasOther: Bool
    }

    /// Least number of bytes of a mark.
    static let markBytes = 4
    private static let prefix: StaticString = "MEMTRACE: "
    private static let sizes: StaticString = " - grid size "

    /// The first mark of `bytes`; nil where there is none. `Kernel` is a mark only where a launch's sizes follow before
    /// any other mark.
    @inline(__always)
    static func next(in bytes: UnsafeRawBufferPointer) -> Mark? {
        var kernel: Int?
        for offset in 0..<bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "C"):
                guard let kind = contextOrRecord(bytes, offset) else { continue }
                return Mark(kind: kind, offset: offset, hasOther: hasOther(bytes, before: offset))
            case UInt8(ascii: "K"):
                if kernel == nil, has("Kernel ", bytes, offset) { kernel = offset }
            case UInt8(ascii: " "):
                guard let kernel, has(sizes, bytes, offset) else { continue }
                return Mark(kind: .kernel, offset: kernel, hasOther: hasOther(bytes, before: kernel))
            default: continue
            }
        }
        return nil
    }

    private static func contextOrRecord(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Kind? {
        if has("CTX 0x", bytes, offset) { return .context }
        guard has("CTA ", bytes, offset), offset + 4 < bytes.count, bytes[offset + 4].isDigit else { return nil }
        return .record
    }

    /// Whether anything but blanks and the tool's own prefix stands before `offset`.
    private static func hasOther(_ bytes: UnsafeRawBufferPointer, before offset: Int) -> Bool {
        var end = offset
        let length = prefix.utf8CodeUnitCount
        if end >= length, has(prefix, bytes, end - length) { end -= length }
        return bytes[..<end].contains { !$0.isBlank }
    }

    /// Where the text of a launch that begins here ends. It ends at the next mark or prefix after its sizes, or with
    /// the line. Nil for a text without sizes.
    static func launchEnd(in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = find(sizes, bytes, from: 0) else { return nil }
        var offset = start + sizes.utf8CodeUnitCount
        let next = find(sizes, bytes, from: offset) ?? 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "C"), contextOrRecord(bytes, offset) != nil { return offset }
            if byte == UInt8(ascii: "M"), has(prefix, bytes, offset) { return offset }
            if byte == UInt8(ascii: "K"), offset < next, has("Kernel ", bytes, offset) { return offset }
            offset += 1
        }
        return bytes.count
    }

    /// Where a kernel's name begins in `Kernel NAME`. Other output may stand before it. The name follows the last
    /// `Kernel` that is no part of the name's parameters.
    static func nameStart(in text: Substring) -> Substring.Index {
        let bytes = Array(text.utf8)
        let word = Array("Kernel ".utf8)
        var depth = 0
        var place = bytes.count - 1
        while place >= 0 {
            switch bytes[place] {
            case UInt8(ascii: ")"), UInt8(ascii: ">"): depth += 1
            case UInt8(ascii: "("), UInt8(ascii: "<"): depth = max(0, depth - 1)
            case UInt8(ascii: "K") where depth == 0 && bytes[place...].starts(with: word):
                return text.utf8.index(text.startIndex, offsetBy: place + word.count)
            default: break
            }
            place -= 1
        }
        return text.range(of: "Kernel ")?.upperBound ?? text.startIndex
    }

    /// Whether ` - warp ` follows what is left of a block's numbers. The text is then a damaged record and not text of
    /// the application.
    static func hasWarp(in bytes: UnsafeRawBufferPointer) -> Bool {
        let end = bytes.firstIndex { $0 != UInt8(ascii: ",") && !$0.isDigit } ?? bytes.count
        return has(" - warp ", bytes, end)
    }

    /// Whether the text up to the next space is a hexadecimal number.
    static func beginsWithNumber(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where !Character(Unicode.Scalar(byte)).isHexDigit { return byte.isBlank }
        return true
    }

    @inline(__always)
    private static func has(_ text: StaticString, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - offset >= count, let base = bytes.baseAddress else { return false }
        return memcmp(base + offset, text.utf8Start, count) == 0
    }

    private static func find(_ text: StaticString, _ bytes: UnsafeRawBufferPointer, from offset: Int) -> Int? {
        let count = text.utf8CodeUnitCount
        var place = offset
        while place + count <= bytes.count {
            if has(text, bytes, place) { return place }
            place += 1
        }
        return nil
    }
}
