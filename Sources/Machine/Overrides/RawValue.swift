/// A value as written, before its field gives it meaning.
struct RawValue {
    /// The shape of what was written.
    enum Content {
        case scalar(String)
        case list([RawValue])
        case mapping
    }

    let content: Content
    let place: SettingPlace

    /// The text for messages: the scalar itself, or a description of a list or group.
    var text: String {
        switch content {
        case .scalar(let text): text
        case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .mapping: "{...}"
        }
    }
}
