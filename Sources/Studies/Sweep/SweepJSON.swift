/// A JSON value by RFC 8259, read strictly. An object has no name twice, nothing follows the value, and members keep
/// their order.
package enum SweepJSON: Equatable, Sendable {
    case null
    case flag(Bool)
    /// A number as it is written, and its finite value.
    case number(text: String, value: Double)
    case text(String)
    case array([SweepJSON])
    case object([Member])

    /// A name with its value.
    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: SweepJSON
    }

    /// Why bytes are not such a value. `column` counts bytes from 1.
    package struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
        package let reason: String
        package let column: Int

        package var description: String { "\(reason) (byte \(column) of the line)" }
    }

    /// Reads a whole text.
    package init(_ bytes: some Sequence<UInt8>) throws(Problem) {
        var parser = SweepJSONParser(Array(bytes))
        self = try parser.document()
    }

    /// The value of this name in an object.
    package subscript(_ name: String) -> SweepJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if the value is one.
    package var asText: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The number, if the value is one.
    package var asNumber: Double? {
        if case .number(_, let value) = self { value } else { nil }
    }
}

/// Reads a JSON text from front to back.
private struct SweepJSONParser {
    typealias Problem = SweepJSON.Problem

    /// The greatest depth of arrays and objects within each other. Lines of Weir are less deep.
    private static let depthLimit = 32

    private static let digit = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(Problem) -> SweepJSON {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw problem("something follows the value") }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func problem(_ reason: String) -> Problem { Problem(reason: reason, column: position + 1) }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Problem) -> SweepJSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try string())
        case let byte? where byte == UInt8(ascii: "-") || Self.digit.contains(byte): return try number()
        case nil: throw problem("the text ends where a value is expected")
        default:
            for (word, value) in [("true", SweepJSON.flag(true)), ("false", .flag(false)), ("null", .null)]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw problem("this is no JSON value")
        }
    }

    private mutating func enter() throws(Problem) {
        depth += 1
        guard depth <= Self.depthLimit else { throw problem("values lie more than \(Self.depthLimit) deep") }
        position += 1
        skipSpace()
    }

    private mutating func array() throws(Problem) -> SweepJSON {
        try enter()
        defer { depth -= 1 }
        var elements: [SweepJSON] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw problem("an array's ',' or ']' is missing") }
        }
    }

    private mutating func object() throws(Problem) -> SweepJSON {
        try enter()
        defer { depth -= 1 }
        var members: [SweepJSON.Member] = []
        var names: Set<String> = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("a name in quotes is missing") }
            let name = try string()
            guard names.insert(name).inserted else { throw problem("'\(name)' stands twice") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw problem("the ':' behind '\(name)' is missing") }
            members.append(SweepJSON.Member(name: name, value: try value()))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw problem("an object's ',' or '}' is missing") }
        }
    }

    private mutating func number() throws(Problem) -> SweepJSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw problem("\(text.prefix(40)) is beyond the numbers")
        }
        return .number(text: text, value: value)
    }

    private mutating func digits() throws(Problem) {
        let start = position
        while let byte = next, Self.digit.contains(byte) { position += 1 }
        guard position > start else { throw problem("a number's digits are missing") }
    }

    private mutating func string() throws(Problem) -> String {
        position += 1
        var start = position
        var result = ""
        while true {
            guard let byte = next else { throw problem("a text does not end") }
            switch byte {
            case UInt8(ascii: "\""):
                result += try piece(from: start)
                position += 1
                return result
            case UInt8(ascii: "\\"):
                result += try piece(from: start)
                position += 1
                result.unicodeScalars.append(try escape())
                start = position
            case 0..<0x20: throw problem("a control character stands in a text")
            default: position += 1
            }
        }
    }

    private func piece(from start: Int) throws(Problem) -> String {
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw problem("a text is no UTF-8")
        }
        return text
    }

    /// The character behind a backslash.
    private mutating func escape() throws(Problem) -> Unicode.Scalar {
        let plain: [UInt8: Unicode.Scalar] = [
            UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
            UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
        ]
        if let byte = next, let scalar = plain[byte] {
            position += 1
            return scalar
        }
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), take(UInt8(ascii: "\\")) else {
            throw problem("half a character is escaped")
        }
        let second = try unit()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (first & 0x3ff) << 10 + second & 0x3ff)
        else { throw problem("half a character is escaped") }
        return scalar
    }

    /// The number behind `\u`.
    private mutating func unit() throws(Problem) -> UInt32 {
        guard take(UInt8(ascii: "u")) else { throw problem("a backslash stands before nothing that it escapes") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw problem("four hexadecimal digits are missing")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
