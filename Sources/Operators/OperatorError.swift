import Content

/// An error in a list of operators. It prints as one line: file, line, cause, cure.
package struct OperatorError: UserError, Equatable {
    package let file: String
    /// The line from 1; 0 if the whole file is meant.
    package let line: Int
    package let cause: String
    package let cure: String

    package init(file: String, line: Int, cause: String, cure: String) {
        self.file = file
        self.line = line
        self.cause = cause
        self.cure = cure
    }

    init(file: String, line: Int, _ defect: OperatorDefect) {
        self.init(file: file, line: line, cause: defect.cause, cure: defect.cure)
    }

    package var description: String { (line > 0 ? "\(file):\(line): " : "\(file): ") + "\(cause); \(cure)" }
}

/// What is wrong with one operator, without its place.
package struct OperatorDefect: Error, Equatable {
    let cause: String
    let cure: String

    package init(_ cause: String, cure: String) {
        self.cause = cause
        self.cure = cure
    }
}
