import Trace

/// What a list of operators holds, by operator.
package struct OperatorSummary: Sendable {
    /// All operators of one name.
    package struct Row: Sendable {
        package let name: String
        package let category: OperatorCategory
        package fileprivate(set) var operators = 0
        package fileprivate(set) var launches = 0
        package fileprivate(set) var blocks = 0
        package fileprivate(set) var readBytes = 0
        package fileprivate(set) var writtenBytes = 0
        /// Operators among them that are estimated from their bytes.
        package fileprivate(set) var estimated = 0
    }

    package let name: String
    /// The rows, in the order of first mention.
    package let rows: [Row]

    package init(_ plan: OperatorPlan) {
        name = plan.name
        var rows: [Row] = []
        var known: [String: Int] = [:]
        for step in plan.steps {
            let index = known[step.op.name] ?? rows.count
            if index == rows.count {
                known[step.op.name] = index
                rows.append(Row(name: step.op.name, category: step.category))
            }
            rows[index].operators += 1
            rows[index].launches += step.launches.count
            rows[index].blocks += step.launches.reduce(0) { $0 + $1.launch.grid.blockCount }
            rows[index].readBytes += step.op.readBytes
            rows[index].writtenBytes += step.op.writtenBytes
            if step.isEstimate { rows[index].estimated += 1 }
        }
        self.rows = rows
    }

    /// The sum of one number over all rows.
    package func total(_ number: (Row) -> Int) -> Int { rows.reduce(0) { $0 + number($1) } }
}
