import Machine
import Runs

/// The microbenchmarks of some groups, measured and predicted.
package struct MicrobenchmarkResult: Sendable {
    package let machine: MachineDescription
    package let cases: [MicrobenchmarkCase]
    /// The cost of the run; nil if results must not differ from run to run.
    package var cost: RunCost?

    /// Simulates the groups one case after another.
    /// - Parameter progress: called after each case.
    /// - Throws: `ReferenceError` for missing or damaged measurements, `MachineError`, `SimulatorError`.
    package init(
        groups: [MicrobenchmarkGroup], machine: MachineDescription, reference: MicrobenchmarkReference,
        progress: ((MicrobenchmarkCase) -> Void)? = nil
    ) throws {
        self.machine = machine
        var cases: [MicrobenchmarkCase] = []
        for group in groups {
            try group.suite.run(on: machine, reference: reference) {
                cases.append($0)
                progress?($0)
            }
        }
        self.cases = cases
    }

    /// The cases by group and series, in the order of their arrival.
    package var series: [(group: MicrobenchmarkGroup, name: String, cases: [MicrobenchmarkCase])] {
        var result: [(group: MicrobenchmarkGroup, name: String, cases: [MicrobenchmarkCase])] = []
        for element in cases {
            if let at = result.firstIndex(where: { $0.group == element.group && $0.name == element.series }) {
                result[at].cases.append(element)
            } else {
                result.append((element.group, element.series, [element]))
            }
        }
        return result
    }

    /// The errors of a series, quantity by quantity. Values that drown in noise are left out.
    package static func summaries(of cases: [MicrobenchmarkCase]) -> [ErrorSummary] {
        (cases.first?.values ?? []).map(\.quantity).compactMap { quantity in
            let values = cases.flatMap(\.values).filter { $0.quantity == quantity && $0.error != nil }
            return ErrorSummary(column: quantity, pairs: values.map { ($0.measured, $0.predicted) })
        }
    }
}
