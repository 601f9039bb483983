import Content
import Trace

/// A JSON value whose objects keep the order of their keys, so that equal results are equal bytes.
package enum JSONValue: Equatable, Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// A count. A count above 2^63 - 1, which nothing here reaches, becomes a floating-point number.
    package static func count(_ value: UInt64) -> JSONValue {
        Int(exactly: value).map(JSONValue.integer) ?? .number(Double(value))
    }

    /// The value as indented text without a final line end. Arrays of plain values stay on one line.
    package var text: String { text(indent: 0) }

    /// The value as it is written within `indent` objects and arrays.
    func text(indent: Int) -> String {
        var result = ""
        write(to: &result, indent: indent)
        return result
    }

    /// Prints whole numbers as integers, and others in the shortest form that reads back to the same value. JSON has no
    /// infinities and no NaN, so that they print as null.
    package static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        if abs(number) < 0x1p53, let whole = Int(exactly: number) { return String(whole) }
        return "\(number)"
    }

    package static func == (left: JSONValue, right: JSONValue) -> Bool { left.text == right.text }

    private var isPlain: Bool {
        switch self {
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    private func write(to result: inout String, indent: Int) {
        switch self {
        case .null: result += "null"
        case .flag(let value): result += value ? "true" : "false"
        case .integer(let value): result += String(value)
        case .number(let value): result += Self.text(of: value)
        case .text(let value): Self.write(value, to: &result)
        case .array(let elements):
            let onOneLine = elements.allSatisfy(\.isPlain)
            Self.write(elements, brackets: ("[", "]"), onOneLine: onOneLine, indent: indent, to: &result) {
                $0.write(to: &$1, indent: indent + 1)
            }
        case .object(let members):
            Self.write(members, brackets: ("{", "}"), onOneLine: members.isEmpty, indent: indent, to: &result) {
                Self.write($0.key, to: &$1)
                $1 += ": "
                $0.value.write(to: &$1, indent: indent + 1)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], brackets: (String, String), onOneLine: Bool, indent: Int, to result: inout String,
        element: (Element, inout String) -> Void
    ) {
        result += brackets.0
        for (index, value) in elements.enumerated() {
            if index > 0 { result += onOneLine ? ", " : "," }
            if !onOneLine { result += "\n" + String(repeating: "  ", count: indent + 1) }
            element(value, &result)
        }
        if !onOneLine { result += "\n" + String(repeating: "  ", count: indent) }
        result += brackets.1
    }

    private static func write(_ text: String, to result: inout String) {
        result += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where !scalar.isShown:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }
}
