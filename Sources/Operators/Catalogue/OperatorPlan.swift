import Trace

/// The launches of a list of operators, in order.
package struct OperatorPlan {
    /// One operator with its launches.
    package struct Step {
        package let op: Operator
        package let category: OperatorCategory
        package let launches: [any BlockProgramSource]
        /// The category of each launch.
        package let categories: [OperatorCategory]
        /// The floating-point operations that the operator asks for; nil where they are counted as they are executed.
        package let operations: Double?
        /// Whether the launches are no generator's, but an estimate from the tensors' bytes.
        package let isEstimate: Bool
    }

    package let name: String
    package let steps: [Step]

    /// - Parameter multiprocessors: SMs that the launcher sees.
    /// - Throws: `OperatorError` with the operator's line.
    package init(_ list: OperatorList, multiprocessors: Int) throws(OperatorError) {
        name = list.name
        var places = TensorPlaces(list.operators, multiprocessors: multiprocessors)
        var steps: [Step] = []
        steps.reserveCapacity(list.operators.count)
        for op in list.operators {
            do {
                steps.append(try Self.step(op, places: &places))
            } catch {
                throw OperatorError(file: list.name, line: op.line, error)
            }
        }
        self.steps = steps
    }

    package var launches: [any BlockProgramSource] { steps.flatMap(\.launches) }

    private static func step(_ op: Operator, places: inout TensorPlaces) throws(OperatorDefect) -> Step {
        let family = OperatorRegistry.family(of: op)
        if let family, let launches = try family.launches(of: op, places: &places) {
            for source in launches {
                if let broken = LaunchLimit.broken(by: source.launch) {
                    throw OperatorDefect(
                        "\(op.name): \(broken.field) is \(broken.value), and at most \(broken.limit) is possible",
                        cure: "divide the operator")
                }
            }
            return Step(
                op: op, category: family.category(of: op), launches: launches,
                categories: launches.map(family.category(of:)),
                operations: family.operations(of: op), isEstimate: false)
        }
        let category = family?.category(of: op) ?? .other
        let launches: [any BlockProgramSource] = EstimatedLaunch(op, places: places).map { [$0] } ?? []
        return Step(
            op: op, category: category, launches: launches, categories: launches.map { _ in category }, operations: nil,
            isEstimate: true)
    }
}
