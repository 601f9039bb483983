import Content

/// A file that is no result of a training step. It prints as one line: file, cause, cure.
package struct StepResultError: UserError, Equatable {
    package let file: String
    package let cause: String
    package let cure: String

    package var description: String { "\(file): \(cause); \(cure)" }
}
