import Content
import Kernels
import Machine
import Runs
import Simulator
import Trace
import Workloads

/// Predictions beside measurements. Every launch of a measured table is simulated as it was measured.
package struct Validation: Sendable {
    /// One launch's measured and predicted columns.
    package struct Launch: Sendable {
        package let launch: MeasuredLaunch
        /// The columns that both the table and the simulator have, in the simulator's order.
        package let columns: [(name: String, measured: Double, predicted: Double)]
        package let lineRequests: UInt64
        /// The predicted uses of the launch's time on cold caches.
        package let timeShares: TimeShares
    }

    package let launches: [Launch]
    /// Kernels of the table that no generator makes, with their numbers of rows.
    package let skipped: [(kernel: String, rows: Int)]

    /// Simulates all rows of `table` whose kernels can be generated.
    ///
    /// Cold columns come from single launches. If the table has `chain_` columns, the launches of a shape also run one
    /// after another, with the framework's launches in between. The caches then keep their contents.
    /// - Parameters:
    ///   - kernels: the only kernels to simulate; empty for all.
    ///   - threads: the number of launches simulated side by side.
    ///   - progress: called from any thread with the number of launches done and of all launches.
    package init(
        table: ReferenceTable, machine: MachineDescription, kernels: Set<String> = [], threads: Int = 1,
        progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws {
        let (measured, skipped) = try Self.launches(of: table, machine: machine, kernels: kernels)
        try Self.check(measured, machine: machine)
        self.skipped = skipped
        let chains = try Self.chains(of: measured)
        let jobs = measured.count + chains.count
        let results = try ParallelTasks.map(count: jobs, jobs: threads, progress: progress) { job in
            job < measured.count
                ? [try Self.predictCold(measured[job], row: job, machine: machine)]
                : try Self.predictChain(chains[job - measured.count], launches: measured, machine: machine)
        }
        var columns = Array(repeating: [(name: String, value: Double)](), count: measured.count)
        var requests = Array(repeating: UInt64(0), count: measured.count)
        var shares = Array(repeating: TimeShares(), count: measured.count)
        for prediction in results.joined() {
            let known = Set(columns[prediction.row].map(\.name))
            columns[prediction.row] += prediction.columns.filter { !known.contains($0.name) }
            requests[prediction.row] += prediction.lineRequests
            if let cold = prediction.timeShares { shares[prediction.row] = cold }
        }
        launches = try measured.indices.map { index in
            Launch(
                launch: measured[index],
                columns: try columns[index].compactMap { column in
                    try measured[index].measured(column.name).map { (column.name, $0, column.value) }
                }, lineRequests: requests[index], timeShares: shares[index])
        }
    }

    /// Errors of every column, in the simulator's order of columns.
    /// - Parameter filter: selects the launches for which it returns true.
    package func summaries(where filter: (Launch) -> Bool = { _ in true }) -> [ErrorSummary] {
        ErrorSummary.all(of: launches.filter(filter).map(\.columns))
    }

    private struct Prediction: Sendable {
        let row: Int
        let columns: [(name: String, value: Double)]
        let lineRequests: UInt64
        /// The uses of the time of a launch on cold caches.
        var timeShares: TimeShares?
    }

    /// Row numbers of the launches that ran back to back. There is one list for each shape with measured `chain_`
    /// columns, in launch order.
    private static func chains(of launches: [MeasuredLaunch]) throws(ReferenceError) -> [[Int]] {
        var chains: [[Int]] = []
        for index in launches.indices {
            guard try launches[index].row.number("chain_duration_ns") != nil else { continue }
            if let last = chains.last?.last, launches[last].shapeName == launches[index].shapeName,
                launches[last].order < launches[index].order
            {
                chains[chains.count - 1].append(index)
            } else {
                chains.append([index])
            }
        }
        return chains
    }

    /// Reads the rows of `table` that can be generated, with every measured value, before anything is simulated.
    /// - Returns: the launches, and the kernels that no generator makes with their numbers of rows.
    private static func launches(
        of table: ReferenceTable, machine: MachineDescription, kernels: Set<String>
    ) throws -> (launches: [MeasuredLaunch], skipped: [(kernel: String, rows: Int)]) {
        var known: [ReferenceRow] = []
        var skippedRows: [String: Int] = [:]
        for row in table.rows {
            let kernel = try row.required("kernel")
            if MeasuredSubject.kernels.contains(kernel) {
                known.append(row)
            } else if kernels.isEmpty || kernels.contains(kernel) {
                skippedRows[kernel, default: 0] += 1
            }
        }
        let launches = try MeasuredLaunch.launches(rows: known, sharedReserveBytes: machine.sm.sharedReserveBytes)
            .filter { kernels.isEmpty || kernels.contains($0.kernel) }
        try checkNumbers(of: launches)
        return (launches, skippedRows.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// Makes every launch of `table` and a few of its blocks' programs. It simulates nothing.
    /// - Throws: `ReferenceError` for the first row that makes no launch.
    package static func check(table: ReferenceTable, machine: MachineDescription) throws {
        let launches = try launches(of: table, machine: machine, kernels: []).launches
        _ = try chains(of: launches)
        try check(launches, machine: machine)
    }

    /// Makes every launch and a few of its blocks' programs, so that a wrong row is found before anything is simulated.
    /// A size that is far too large would keep a simulation busy for hours.
    private static func check(_ launches: [MeasuredLaunch], machine: MachineDescription) throws {
        var program = BlockProgram()
        for launch in launches {
            try launch.row.place {
                var source = try launch.source(on: machine)
                let made = source.launch
                _ = try machine.occupancy(
                    threadsPerBlock: made.threadsPerBlock, registersPerThread: made.registersPerThread,
                    sharedMemoryBytesPerBlock: made.sharedMemoryBytesPerBlock)
                for block in Set([0, made.grid.blockCount - 1]).sorted() {
                    try source.loadProgram(ofBlock: block, into: &program)
                }
            }
        }
    }

    /// Reads every measured value that will be compared, so that a wrong one is found before anything is simulated.
    private static func checkNumbers(of launches: [MeasuredLaunch]) throws(ReferenceError) {
        for launch in launches {
            for column in launch.row.measuredColumns { _ = try launch.row.number(column) }
        }
    }

    private static func predictCold(_ launch: MeasuredLaunch, row: Int, machine: MachineDescription) throws
        -> Prediction
    {
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        let result = try launch.row.place { try simulation.run(try launch.source(on: machine)) }
        return Prediction(
            row: row, columns: PredictedColumns.values(of: result, mode: .cold),
            lineRequests: result.counters.lineRequests,
            timeShares: TimeShares(of: result))
    }

    private static func predictChain(
        _ rows: [Int], launches: [MeasuredLaunch], machine: MachineDescription
    ) throws -> [Prediction] {
        let simulation = try Simulation(machine: machine, cacheMode: .chained)
        var allocations: [SSDPass: SSDAllocation] = [:]
        if let shape = launches[rows[0]].subject.call?.shape {
            for pass in SSDPass.allCases { allocations[pass] = SSDAllocation(shape: shape, pass: pass) }
            for kernel in SSDKernels.tail {
                let before = SSDAllocation(shape: shape, pass: .backward)
                for source in try FrameworkGlue.sources(of: SSDLaunch(kernel: kernel), allocation: before) {
                    _ = try simulation.run(source)
                }
            }
        }
        // The framework's launches ran in between, whether or not the table has them.
        let recordsGlue = rows.contains { if case .glue = launches[$0].subject { true } else { false } }
        return try rows.map { row in
            let launch = launches[row]
            let allocation = launch.subject.call.flatMap { allocations[$0.pass] }
            var around: (before: [any KernelGenerator], after: [any KernelGenerator]) = ([], [])
            if !recordsGlue, let ssd = launch.subject.ssd, ssd.pass == .backward, let allocation {
                around = try TrainingStep.frameworkLaunches(
                    around: ssd.launch(kernel: launch.kernel), tiling: ssd.tiling, allocation: allocation)
            }
            for source in around.before { _ = try simulation.run(source) }
            let result = try launch.row.place {
                try simulation.run(try launch.source(on: machine, allocation: allocation))
            }
            for source in around.after { _ = try simulation.run(source) }
            return Prediction(
                row: row, columns: PredictedColumns.values(of: result, mode: .chained),
                lineRequests: result.counters.lineRequests)
        }
    }
}
