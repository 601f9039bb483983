import Runs

/// The charts of training steps, one or several beside each other.
package enum StepChart: String, ChartKind {
    case breakdown
    case roofline

    package static let place = "of a step"

    package func specification(of steps: [StepProfile]) -> ChartSpecification {
        switch self {
        case .breakdown: BreakdownChart.specification(of: steps)
        case .roofline: StepRooflineChart.specification(of: steps)
        }
    }

    /// The names of the machines, each once.
    static func machines(of steps: [StepProfile]) -> [String] {
        steps.reduce(into: []) { if !$0.contains($1.machine) { $0.append($1.machine) } }
    }

    static func subtitle(of steps: [StepProfile]) -> String {
        let machines = machines(of: steps)
        return machines.count < 4 ? machines.joined(separator: ", ") : "\(machines.count) machines"
    }
}
