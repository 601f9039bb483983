extension JSONValue {
    /// The value as one line without spaces between its parts, as JSON Lines need it.
    package var line: String {
        switch self {
        case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.text($0.key).text + ":" + $0.value.line }.joined(separator: ",") + "}"
        default: text
        }
    }
}
