/// An error in a measured table.
package struct ReferenceError: UserError, Equatable {
    package let file: String
    /// The line from 1; 0 if no line is meant.
    package let line: Int
    package let cause: String
    package let cure: String

    package init(file: String, line: Int, cause: String, cure: String) {
        self.file = file
        self.line = line
        self.cause = cause
        self.cure = cure
    }

    /// An error of another room at this place. The text before the first `; ` of `message` is the cause.
    package init(file: String, line: Int, message: String) {
        guard let end = message.range(of: "; ") else {
            self.init(file: file, line: line, cause: message, cure: "check the row")
            return
        }
        self.init(
            file: file, line: line, cause: String(message[..<end.lowerBound]), cure: String(message[end.upperBound...]))
    }

    package var description: String {
        (line > 0 ? "\(file):\(line): \(cause): \(cure)" : "\(file): \(cause): \(cure)").asMessage
    }
}
