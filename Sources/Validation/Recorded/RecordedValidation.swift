import Content
import Machine
import Runs
import Simulator
import Trace

/// Predictions beside measurements for launches that were recorded as traces. Each trace is replayed alone on cold
/// caches.
package struct RecordedValidation: Sendable {
    /// One launch's measured and predicted columns.
    package struct Launch: Sendable {
        package let row: RecordedRow
        /// The columns that both the table and the simulator have.
        package let columns: [ErrorSummary.Column]
        /// The predicted uses of the launch's time.
        package let timeShares: TimeShares
    }

    /// A row that could not be compared.
    package struct Failure: Sendable {
        package let row: RecordedRow
        package let error: ReferenceError
    }

    /// The errors of the launches of one kind.
    package struct Kind: Sendable {
        package let name: String
        package let launches: Int
        package let summaries: [ErrorSummary]
        /// Launches whose predicted duration is further than `farPercent` from the measured one; nil if the table has
        /// no durations.
        package let farDurations: Int?
    }

    /// Durations further off are counted.
    package static let farPercent = 30.0
    /// The column with durations.
    package static let duration = "cold_duration_ns"

    /// The launches that were compared, in the table's order.
    package let launches: [Launch]
    /// The other ones, in the table's order.
    package let failures: [Failure]

    /// Replays the traces of all rows of `table`. A row whose trace is missing or wrong becomes a failure, and the
    /// others are still compared.
    /// - Parameters:
    ///   - traces: the folder that has `NAME.weir` for a row's `name`.
    ///   - kernels: the only kernels to compare; empty for all.
    ///   - threads: the number of launches simulated side by side.
    ///   - progress: called from any thread with the number of launches done and of all launches.
    /// - Throws: `ReferenceError` for a wrong value in the table, before anything is simulated. `SimulatorError` for a
    ///   machine that cannot run.
    package init(
        table: ReferenceTable, traces: String, machine: MachineDescription, kernels: Set<String> = [],
        threads: Int = 1, progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws {
        var rows: [RecordedRow] = []
        var measured: [[Double?]] = []
        for row in table.rows {
            let row = try RecordedRow(row: row, traces: traces, sharedReserveBytes: machine.sm.sharedReserveBytes)
            guard kernels.isEmpty || kernels.contains(row.kernel) else { continue }
            rows.append(row)
            measured.append(try RecordedColumn.all.map { try $0.measured(row.row) })
        }
        let (all, values) = (rows, measured)
        let outcomes = try ParallelTasks.map(count: all.count, jobs: threads, progress: progress) { index in
            try Self.compare(all[index], measured: values[index], machine: machine)
        }
        launches = outcomes.compactMap { try? $0.get() }
        failures = zip(all, outcomes).compactMap { row, outcome in
            if case .failure(let error) = outcome { Failure(row: row, error: error) } else { nil }
        }
    }

    /// Errors of every column over all launches.
    package var summaries: [ErrorSummary] { ErrorSummary.all(of: launches.map(\.columns)) }

    /// All launches as one kind, with an empty name.
    package var whole: Kind { kind("", launches) }

    /// The kinds, in the order of the table's first rows of each.
    package var kinds: [Kind] {
        let names = launches.reduce(into: [String]()) { if !$0.contains($1.row.kind) { $0.append($1.row.kind) } }
        return names.map { name in kind(name, launches.filter { $0.row.kind == name }) }
    }

    private func kind(_ name: String, _ launches: [Launch]) -> Kind {
        let durations = launches.compactMap { launch in launch.columns.first { $0.name == Self.duration } }
        let far = durations.count { abs($0.predicted - $0.measured) * 100 > Self.farPercent * $0.measured }
        return Kind(
            name: name, launches: launches.count, summaries: ErrorSummary.all(of: launches.map(\.columns)),
            farDurations: durations.isEmpty ? nil : far)
    }

    /// Replays a row's launch.
    /// - Throws: `SimulatorError` for a machine that cannot run. What is wrong with the trace is a failure.
    private static func compare(
        _ row: RecordedRow, measured: [Double?], machine: MachineDescription
    ) throws -> Result<Launch, ReferenceError> {
        let simulation = try Simulation(machine: machine, cacheMode: .cold)
        do {
            let result = try simulation.run(try row.source())
            let columns = zip(RecordedColumn.all, measured).compactMap { column, value in
                value.map { (name: column.name, measured: $0, predicted: column.predicted(result, machine)) }
            }
            return .success(Launch(row: row, columns: columns, timeShares: TimeShares(of: result)))
        } catch let error as ReferenceError {
            return .failure(error)
        } catch let error as TraceError {
            return .failure(row.unreadable(error))
        } catch {
            return .failure(
                ReferenceError(file: row.row.file, line: row.row.line, message: "\(row.trace): \(error)"))
        }
    }
}
