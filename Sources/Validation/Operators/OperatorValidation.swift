import Content
import Machine
import Operators
import Runs
import Simulator
import Trace

/// Predictions beside measurements for the launches of PyTorch's operators. Each launch runs alone on cold caches.
package struct OperatorValidation: Sendable {
    /// One launch's measured and predicted columns.
    package struct Launch: Sendable {
        package let row: MeasuredOperator
        /// The generated kernel's name.
        package let kernel: String
        /// The columns that both the table and the simulator have.
        package let columns: [ErrorSummary.Column]
        /// The predicted uses of the launch's time.
        package let timeShares: TimeShares
    }

    /// A row that was not compared.
    package struct Failure: Sendable {
        package let row: MeasuredOperator
        package let reason: String
    }

    /// The launches of one kind of operator.
    package struct Kind: Sendable {
        package let name: String
        /// Its rows in the table, and those that were compared.
        package let rows: Int
        package let launches: Int
        /// Launches whose grid and threads are the measured ones.
        package let exactGrids: Int
        package let summaries: [ErrorSummary]
    }

    /// The columns of which a launch's shape consists.
    static let shape = ["grid_x", "grid_y", "grid_z", "threads_per_block"]

    /// The launches that were compared, in the table's order.
    package let launches: [Launch]
    /// The other rows, in the table's order.
    package let failures: [Failure]

    /// Simulates all rows of `table` whose operator has a generator.
    /// - Parameters:
    ///   - threads: the number of launches simulated side by side.
    ///   - progress: called from any thread with the number of launches done and of all launches.
    /// - Throws: `ReferenceError` for a wrong value in the table, before anything is simulated. Errors of the machine.
    package init(
        table: ReferenceTable, machine: MachineDescription, kinds: Set<String> = [], threads: Int = 1,
        progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws {
        var rows: [(row: MeasuredOperator, measured: [Double?], shape: [Double?])] = []
        var failures: [Failure] = []
        for (number, row) in table.rows.enumerated() {
            let row = try MeasuredOperator(row: row, number: number)
            guard kinds.isEmpty || kinds.contains(row.kind) else { continue }
            guard try row.operators() != nil else {
                failures.append(Failure(row: row, reason: "no generator for \(row.kind) \(row.direction)"))
                continue
            }
            rows.append(
                (
                    row, try RecordedColumn.all.map { try $0.measured(row.row) },
                    try Self.shape.map { try row.row.number($0) }
                )
            )
        }
        let all = rows
        let outcomes = try ParallelTasks.map(count: all.count, jobs: threads, progress: progress) { index in
            try Self.compare(all[index].row, all[index].measured, all[index].shape, machine: machine)
        }
        launches = outcomes.compactMap { if case .success(let launch) = $0 { launch } else { nil } }
        for case .failure(let refusal) in outcomes { failures.append(refusal.failure) }
        self.failures = failures.sorted { $0.row.number < $1.row.number }
    }

    /// All launches as one kind, with an empty name.
    package var whole: Kind { kind("") }

    /// The kinds of operators, in the order of the table's first rows of each.
    package var kinds: [Kind] {
        let rows = (launches.map(\.row) + failures.map(\.row)).sorted { $0.number < $1.number }
        return rows.reduce(into: [String]()) { if !$0.contains($1.kind) { $0.append($1.kind) } }.map(kind)
    }

    private func kind(_ name: String) -> Kind {
        let own = launches.filter { name.isEmpty || $0.row.kind == name }
        let exact = own.count { launch in
            launch.columns.allSatisfy { !Self.shape.contains($0.name) || $0.measured == $0.predicted }
        }
        return Kind(
            name: name, rows: own.count + failures.count { name.isEmpty || $0.row.kind == name }, launches: own.count,
            exactGrids: exact, summaries: ErrorSummary.all(of: own.map(\.columns)))
    }

    private struct Refusal: Error { let failure: Failure }

    private static func compare(
        _ row: MeasuredOperator, _ measured: [Double?], _ shape: [Double?], machine: MachineDescription
    ) throws -> Result<Launch, Refusal> {
        func refuse(_ reason: String) -> Result<Launch, Refusal> {
            .failure(Refusal(failure: Failure(row: row, reason: reason)))
        }
        let list = OperatorList(try row.operators() ?? [], name: row.row.file)
        let plan: OperatorPlan
        do {
            plan = try OperatorPlan(list, multiprocessors: machine.gpu.smCount)
        } catch {
            return refuse("\(error.cause); \(error.cure)")
        }
        let launches = plan.steps.flatMap { step in step.launches.map { (step, $0) } }
        guard launches.indices.contains(row.launch), !launches[row.launch].0.isEstimate else {
            return refuse("no generator for launch \(row.launch) of \(row.kind) \(row.direction)")
        }
        let result = try Simulation(machine: machine, cacheMode: .cold).run(launches[row.launch].1)
        let grid = result.launch.grid
        let predicted = [grid.x, grid.y, grid.z, result.launch.threadsPerBlock].map(Double.init)
        var columns: [ErrorSummary.Column] = []
        for (index, value) in shape.enumerated() {
            if let value { columns.append((Self.shape[index], value, predicted[index])) }
        }
        for (column, value) in zip(RecordedColumn.all, measured) {
            if let value { columns.append((column.name, value, column.predicted(result, machine))) }
        }
        return .success(
            Launch(row: row, kernel: result.launch.kernel, columns: columns, timeShares: TimeShares(of: result)))
    }
}

/// A validation of operators with its machine and its cost.
package struct OperatorValidationResult: Sendable {
    package let validation: OperatorValidation
    package let machine: MachineDescription
    /// The cost of the run; nil if reports must compare byte for byte.
    package let cost: RunCost?

    package init(validation: OperatorValidation, machine: MachineDescription, cost: RunCost?) {
        self.validation = validation
        self.machine = machine
        self.cost = cost
    }
}
