import Machine
import Runs

/// A validation of recorded launches with its machine and its cost.
package struct RecordedValidationResult: Sendable {
    package let validation: RecordedValidation
    package let machine: MachineDescription
    /// The cost of the run; nil if reports must compare byte for byte.
    package let cost: RunCost?

    package init(validation: RecordedValidation, machine: MachineDescription, cost: RunCost?) {
        self.validation = validation
        self.machine = machine
        self.cost = cost
    }
}
