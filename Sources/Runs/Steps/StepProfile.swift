import Foundation
import Machine
import Operators

/// A training step's sums beside the roofs of its machine, as charts show it.
package struct StepProfile: Sendable {
    /// The name that tells it from the other steps of a chart.
    package var label: String
    /// The machine's own name.
    package let machine: String
    /// The kinds of work with a launch, in the order of `OperatorCategory`.
    package let categories: [(category: OperatorCategory, sums: StepSums)]
    package let total: StepSums
    package let roofs: StepRoofs

    /// - Parameter name: the step's, such as `model:mamba2-8b` or the path of a list of operators.
    package init(
        name: String, machine: String, categories: [(category: OperatorCategory, sums: StepSums)], total: StepSums,
        roofs: StepRoofs
    ) {
        label = Self.label(of: name)
        self.machine = machine
        self.categories = categories.filter { $0.sums.launches > 0 }
        self.total = total
        self.roofs = roofs
    }

    package init(_ breakdown: StepBreakdown, name: String, machine: MachineDescription) {
        self.init(
            name: name, machine: machine.gpu.name, categories: OperatorCategory.allCases.map { ($0, breakdown[$0]) },
            total: breakdown.total, roofs: StepRoofs(machine: machine))
    }

    /// A model's name without `model:`, or the name of a list's file without its extension.
    private static func label(of name: String) -> String {
        if OperatorList.isPath(name) {
            return String(URL(filePath: name).lastPathComponent.dropLast(OperatorList.fileExtension.count))
        }
        return name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name
    }
}
