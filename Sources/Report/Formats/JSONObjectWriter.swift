/// Writes an object member by member, and members that are arrays element by element. The bytes are those of the whole
/// `JSONValue`.
struct JSONObjectWriter {
    private let write: TextSink
    private var members = 0
    private var elements = 0

    init(_ write: @escaping TextSink) {
        self.write = write
    }

    mutating func add(_ key: String, _ value: JSONValue) throws {
        try begin(key)
        try write(value.text(indent: 1))
    }

    /// Begins a member that is an array of objects.
    mutating func beginArray(_ key: String) throws {
        try begin(key)
        try write("[")
        elements = 0
    }

    /// Adds an element to the open array, as `JSONValue.text(indent: 2)` gives it.
    mutating func addElement(_ text: String) throws {
        try write((elements > 0 ? ",\n    " : "\n    ") + text)
        elements += 1
    }

    mutating func endArray() throws { try write(elements > 0 ? "\n  ]" : "]") }

    /// Ends the object and the line. The object must have members.
    func finish() throws { try write("\n}\n") }

    private mutating func begin(_ key: String) throws {
        try write((members > 0 ? ",\n  " : "{\n  ") + JSONValue.text(key).text + ": ")
        members += 1
    }
}
