import Operators
import Trace

/// A launch of a training step, with what it belongs to.
package struct StepLaunch {
    package let source: any BlockProgramSource
    /// The operator's name.
    package let op: String
    package let category: OperatorCategory
    package let layer: String
    package let pass: OperatorPass
    /// The number of equal launches of the step that it stands for.
    package let count: Int
    /// The floating-point operations that its operator asks for, of one launch; nil where they are counted as they are
    /// executed.
    package let operations: Double?
    /// Whether no generator made it, but an estimate from the tensors' bytes.
    package let isEstimate: Bool
}

/// The launches of a training step in order.
package struct StepLaunches {
    package let name: String
    /// One line about the model; nil for a list of operators.
    package let summary: String?
    /// A line each about layers and launches that stand for others; empty where none does.
    package let reductions: [String]
    package let launches: [StepLaunch]

    /// The launches of a list of operators.
    /// - Throws: `OperatorError` with the operator's line.
    package init(_ list: OperatorList, multiprocessors: Int) throws(OperatorError) {
        name = list.name
        summary = nil
        reductions = []
        launches = Self.launches(
            try OperatorPlan(list, multiprocessors: multiprocessors), repeats: nil, joinsEqual: false)
    }

    /// The launches of a model's step.
    /// - Throws: `OperatorError` for sizes that no launch has.
    package init(_ step: ModelStep, multiprocessors: Int) throws(OperatorError) {
        name = step.list.name
        summary = step.summary
        launches = Self.launches(
            try OperatorPlan(step.list, multiprocessors: multiprocessors), repeats: step.repeats,
            joinsEqual: step.reduction != nil)
        let joins = launches.contains { $0.pass == .optimizer && $0.count > 1 }
        reductions =
            (step.reduction.map { [$0] } ?? [])
            + (joins
                ? ["Equal launches of the optimizer are simulated twice, and the second one stands for the others."]
                : [])
    }

    /// All launches of the step, those included that others stand for.
    package var count: Int { launches.reduce(0) { $0 + $1.count } }

    /// - Parameter joinsEqual: whether launches of an operator that are equal but for their bytes are simulated twice,
    ///   and the second one counts for the rest.
    private static func launches(_ plan: OperatorPlan, repeats: [Int]?, joinsEqual: Bool) -> [StepLaunch] {
        var launches: [StepLaunch] = []
        for (number, step) in plan.steps.enumerated() {
            var places: [[Int]: (last: Int, count: Int)] = [:]
            var own: [(index: Int, count: Int)] = []
            for (index, source) in step.launches.enumerated() {
                guard joinsEqual, step.op.pass == .optimizer, let key = (source as? any RepeatedLaunch)?.workKey else {
                    own.append((index, 1))
                    continue
                }
                let known = places[key]
                if let known, known.count >= 2 {
                    own[known.last].count += 1
                } else {
                    own.append((index, 1))
                    places[key] = (own.count - 1, (known?.count ?? 0) + 1)
                }
            }
            for (index, count) in own {
                launches.append(
                    StepLaunch(
                        source: step.launches[index], op: step.op.name, category: step.categories[index],
                        layer: step.op.layer, pass: step.op.pass, count: count * (repeats?[number] ?? 1),
                        operations: step.operations.map { index == 0 ? $0 : 0 }, isEstimate: step.isEstimate))
            }
        }
        return launches
    }
}
