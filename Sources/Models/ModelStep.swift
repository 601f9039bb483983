import Operators

/// A training step of a model: its operators, and how often each stands for others like it.
package struct ModelStep: Sendable {
    package let list: OperatorList
    /// For each operator, the number of equal ones that it stands for.
    package let repeats: [Int]
    /// One line about the model, such as its layers and sizes.
    package let summary: String
    /// One line about what is simulated; nil where everything is.
    package let reduction: String?

    init(_ builder: StepBuilder, name: String, summary: String, reduction: String?) {
        list = OperatorList(builder.operators, name: name)
        repeats = builder.repeats
        self.summary = summary
        self.reduction = reduction
    }
}
