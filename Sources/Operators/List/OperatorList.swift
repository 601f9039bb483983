import Content
import Foundation

/// A list of operators in launch order, as a file `.ops.jsonl` holds it: a line with the format's name and version,
/// then an operator a line, each a JSON object (docs/operators.md).
package struct OperatorList: Equatable, Sendable {
    /// How the names of such files end.
    package static let fileExtension = ".ops.jsonl"
    private static let format = "weir-operators"
    private static let version = 1
    private static let wanted = "a list of operators"

    /// The origin of the list, for messages.
    package let name: String
    package let operators: [Operator]

    package init(_ operators: [Operator], name: String) {
        self.operators = operators
        self.name = name
    }

    /// Whether an argument of a command names such a file.
    package static func isPath(_ argument: String) -> Bool { argument.hasSuffix(fileExtension) }

    /// Reads a file.
    /// - Throws: `OperatorError` with file, line, cause and cure.
    package init(path: String) throws(OperatorError) {
        let text: String
        do {
            text = try PlainText.read(path: path, wanted: Self.wanted)
        } catch {
            throw OperatorError(file: path, line: 0, cause: error.cause, cure: error.cure)
        }
        try self.init(text: text, name: path)
    }

    /// Reads the text of a file. Lines without anything but blanks are skipped.
    /// - Throws: `OperatorError` with file, line, cause and cure.
    package init(text: String, name: String) throws(OperatorError) {
        let decoder = JSONDecoder()
        var operators: [Operator] = []
        var hasHeader = false
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.contains(where: { !" \t\r".utf8.contains($0) }) else { continue }
            do {
                if hasHeader {
                    var read = try decoder.decode(Operator.self, from: Data(line))
                    read.line = number
                    operators.append(read)
                } else {
                    try Self.check(decoder.decode(Header.self, from: Data(line)))
                    hasHeader = true
                }
            } catch {
                throw OperatorError(file: name, line: number, Self.defect(of: error))
            }
        }
        guard hasHeader else {
            throw OperatorError(
                file: name, line: 1, cause: "there is no header",
                cure: #"begin with {"format":"\#(Self.format)","version":\#(Self.version)}"#)
        }
        self.init(operators, name: name)
    }

    /// The list as the text of a file. Equal lists are equal bytes.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func line(_ value: some Encodable) -> String {
            // Names, whole numbers and finite numbers always encode.
            (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? ""
        }
        return line(Header(format: Self.format, version: Self.version)) + operators.map(line).joined()
    }

    private struct Header: Codable {
        let format: String
        let version: Int

        init(format: String, version: Int) {
            self.format = format
            self.version = version
        }

        init(from decoder: any Decoder) throws {
            // Later versions may have more fields. A recorder may say what it recorded.
            let fields = try decoder.container(keyedBy: FieldName.self)
            guard let format = try? fields.decode(String.self, forKey: "format"), format == OperatorList.format,
                let version = try? fields.decode(Int.self, forKey: "version")
            else {
                throw OperatorDefect(
                    "the first line is no header of \(OperatorList.wanted)",
                    cure: #"begin with {"format":"\#(OperatorList.format)","version":\#(OperatorList.version)}"#)
            }
            self.init(format: format, version: version)
        }
    }

    private static func check(_ header: Header) throws(OperatorDefect) {
        guard header.version == version else {
            throw OperatorDefect(
                "the list has version \(header.version), and this Weir reads version \(version)",
                cure: "write it again with the recorder of this Weir")
        }
    }

    /// What an error of the decoder means.
    private static func defect(of error: any Error) -> OperatorDefect {
        if let defect = error as? OperatorDefect { return defect }
        guard let error = error as? DecodingError else {
            return OperatorDefect("the line cannot be read", cure: "write one JSON object")
        }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            let place = path.hasPrefix(".") ? String(path.dropFirst()) : path
            return OperatorDefect(
                place.isEmpty ? "the line is no JSON object" : "'\(place)' has a value of another type",
                cure: "write it as docs/operators.md does")
        default: return OperatorDefect("the line is no JSON", cure: "write one JSON object on a line")
        }
    }
}
