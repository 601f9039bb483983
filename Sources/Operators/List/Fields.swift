import Suggestions

/// The name of a field of a JSON object.
struct FieldName: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// The fields of a JSON object, none of which is unknown.
struct Fields {
    private let container: KeyedDecodingContainer<FieldName>
    private let object: String

    /// - Parameters:
    ///   - object: what the object is, for errors.
    ///   - known: the fields that it may have.
    /// - Throws: `OperatorDefect` for a field with another name.
    init(_ decoder: any Decoder, of object: String, known: [String]) throws {
        container = try decoder.container(keyedBy: FieldName.self)
        self.object = object
        for key in container.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
            throw OperatorDefect(
                "'\(key)' is no field of \(object == "operator" ? "an operator" : "a \(object)")",
                cure: Suggestion(for: key, among: known).nearest(quote: "'")
                    ?? "its fields are \(known.joined(separator: ", "))")
        }
    }

    func required<Value: Decodable>(_ name: String) throws -> Value {
        let key = FieldName(stringValue: name)
        guard container.contains(key) else {
            throw OperatorDefect("the \(object) has no '\(name)'", cure: "add it (docs/operators.md)")
        }
        return try container.decode(Value.self, forKey: key)
    }

    func optional<Value: Decodable>(_ name: String) throws -> Value? {
        try container.decodeIfPresent(Value.self, forKey: FieldName(stringValue: name))
    }
}
