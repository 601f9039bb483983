import Content
import Machine
import Runs
import Simulator
import Trace

/// A run as tables for people: a row for each launch, repeated ones in one, a row of totals, the other tables that were
/// asked for, and notes.
package struct RunText: Renderer {
    private let tables: RunTables

    package init(tables: RunTables = []) {
        self.tables = tables
    }

    package func render(_ run: RunResult) -> String {
        String(writing: { sink in
            var writer = RunTextWriter(machine: run.machine, cacheMode: run.cacheMode, tables: tables, write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
    }
}

/// Writes a run as tables. It keeps the cells of each row until the widths of all columns are known.
struct RunTextWriter: LaunchWriter {
    private let machine: MachineDescription
    private let cacheMode: CacheMode
    private let tables: RunTables
    private let write: TextSink
    private let limit: L2Limit
    private var rows: LaunchTables
    private var totals = StepTotals()
    private var sums = RunSums()
    private var estimates: [String] = []

    init(machine: MachineDescription, cacheMode: CacheMode, tables: RunTables, write: @escaping TextSink) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.tables = tables
        self.write = write
        limit = L2Limit(machine: machine)
        rows = LaunchTables(tables, machine: machine)
    }

    mutating func add(_ result: LaunchResult) {
        let isNew = rows.add(result)
        totals.add(result)
        sums.add(result, limit: limit)
        if isNew, result.launch.resourcesAreEstimated { estimates.append(estimate(of: result.launch)) }
    }

    mutating func finish(cost: RunCost?) throws {
        try write(MachineSummary(machine).text)
        try write(
            cacheMode == .cold
                ? "Caches: empty and clean before each launch\n\n"
                : "Caches: the L2 keeps its contents from launch to launch\n\n")
        try rows.writeLaunches(sums: sums.launches > 1 ? sums : nil, to: write)
        try rows.writeOthers(to: write)
        totals.finish()
        if tables.contains(.totals), totals.together.launches > 0 {
            try write(TotalsText.text(of: totals, machine: machine))
        }
        let notes = self.notes(cost: cost)
        if !notes.isEmpty { try write("\n") }
        for note in notes { try write(note + "\n") }
        if tables.isEmpty { try write("\n" + Self.hint + "\n") }
    }

    /// Where to find the other tables and what the headings mean.
    static let hint = "More: --wide, --time, --lifetimes, --totals; weir help columns explains the headings."

    private func estimate(of launch: KernelLaunch) -> String {
        "  \(launch.kernel.asPrintable) (\(launch.tiling.asPrintable)): \(launch.registersPerThread) registers a thread, "
            + "\(launch.sharedMemoryBytesPerBlock) bytes of shared memory a block"
    }

    private func notes(cost: RunCost?) -> [String] {
        var notes = estimates
        if !notes.isEmpty {
            notes.insert(
                "* Registers and shared memory are estimates: no table of compiled kernels has this tiling.", at: 0)
        }
        if let cost {
            let sectors = sums.counters.l1Sectors
            let rate = cost.wallSeconds > 0 ? Double(sectors) / cost.wallSeconds / 1e6 : 0
            notes.append(
                "Simulated \(Quantity.count(sectors)) sector requests in \(Quantity.fixed(cost.wallSeconds, digits: 2)) s"
                    + " (\(Quantity.fixed(rate, digits: 1)) million a second), peak memory \(Quantity.bytes(Double(cost.peakMemoryBytes)))."
            )
        }
        return notes
    }
}
