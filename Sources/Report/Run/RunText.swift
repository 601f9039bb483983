import Content
import Machine
import Runs
import Simulator
import Trace

/// A run as tables for people: one row per launch, a row of totals, the uses of the time, lifetimes, and notes. A
/// training step's totals are added if there are several launches and these include the backward pass's.
package struct RunText: Renderer {
    package init() {}

    package func render(_ run: RunResult) -> String {
        String(writing: { sink in
            var writer = RunTextWriter(machine: run.machine, cacheMode: run.cacheMode, write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
    }
}

/// Writes a run as tables. It keeps the cells of each launch's rows until the widths of all columns are known.
struct RunTextWriter: LaunchWriter {
    private let machine: MachineDescription
    private let cacheMode: CacheMode
    private let write: TextSink
    private var launches = TextTable(columns: Self.columns)
    private var shares = TimeTables.shares(titles: [("kernel", .left)])
    private var lifetimes = TimeTables.lifetimes()
    private var totals = StepTotals()
    private var sums = RunSums()
    private var estimates: [String] = []

    init(machine: MachineDescription, cacheMode: CacheMode, write: @escaping TextSink) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.write = write
    }

    mutating func add(_ result: LaunchResult) {
        launches.append(row(of: result))
        shares.append(TimeTables.row([result.launch.kernel], shares: TimeShares(of: result)))
        lifetimes.append(TimeTables.row(lifetimesOf: result))
        totals.add(result)
        sums.add(result)
        if result.launch.resourcesAreEstimated { estimates.append(estimate(of: result.launch)) }
    }

    mutating func finish(cost: RunCost?) throws {
        try write(MachineSummary(machine).text)
        try write(
            cacheMode == .cold
                ? "Caches: empty and clean before each launch\n\n"
                : "Caches: the L2 keeps its contents from launch to launch\n\n")
        if sums.launches > 1 {
            launches.appendRule()
            launches.append(totalsRow)
        }
        try launches.write(to: write)
        try write("\nWhere the time went, in percent of each launch's duration:\n\n")
        try shares.write(to: write)
        try write("\nLifetimes of thread blocks and what SMs were active, in cycles:\n\n")
        try lifetimes.write(to: write)
        totals.finish()
        if sums.launches > 1, totals.backward.launches > 0 { try write(TotalsText.text(of: totals, machine: machine)) }
        let notes = self.notes(cost: cost)
        if !notes.isEmpty { try write("\n") }
        for note in notes { try write(note + "\n") }
    }

    private static let columns: [(title: String, alignment: TextTable.Alignment)] =
        [
            ("kernel", .left), ("blocks", .right), ("waves", .right), ("blocks/SM", .right), ("L1 requests", .right),
            ("L1 sectors", .right), ("L1 hit", .right), ("L2 hit", .right),
        ] + CounterColumn.all.map { ($0.heading, .right) } + [
            ("time", .right), ("HBM rate", .right), ("of peak", .right), ("median block", .right),
            ("overhead", .right), ("bounded by", .left),
        ]

    private func row(of result: LaunchResult) -> [String] {
        let counters = result.counters
        let median = result.lifetimes.percentile(0.5)
        return [
            result.launch.kernel + (result.launch.resourcesAreEstimated ? " *" : ""),
            Quantity.count(UInt64(result.launch.grid.blockCount)),
            Quantity.fixed(result.waves, digits: 2),
            String(result.occupancy.blocksPerSM),
            Quantity.count(counters.l1LoadRequests + counters.l1StoreRequests),
            Quantity.count(counters.l1Sectors),
            Quantity.percent(counters.l1HitPercent),
            Quantity.percent(counters.l2HitPercent),
        ] + CounterColumn.all.map { $0.cell(counters) } + [
            Quantity.nanoseconds(result.durationNanoseconds),
            Quantity.bandwidth(result.hbmBytesPerSecond),
            Quantity.percent(result.hbmBusyPercent),
            Quantity.nanoseconds(median / result.clockHertz * 1e9),
            Quantity.nanoseconds(result.overheadNanoseconds),
            BoundKind(of: result).rawValue,
        ]
    }

    /// Sums, and rates over the sums. Columns whose sum has no meaning are left empty.
    private var totalsRow: [String] {
        let counters = sums.counters
        let rate = Double(counters.hbmReadBytes + counters.hbmWriteBytes) / (sums.nanoseconds * 1e-9)
        return [
            "total",
            Quantity.count(sums.blocks),
            "", "",
            Quantity.count(counters.l1LoadRequests + counters.l1StoreRequests),
            Quantity.count(counters.l1Sectors),
            Quantity.percent(counters.l1HitPercent),
            Quantity.percent(counters.l2HitPercent),
        ] + CounterColumn.all.map { $0.cell(counters) } + [
            Quantity.nanoseconds(sums.nanoseconds),
            Quantity.bandwidth(rate),
            Quantity.percent(sums.peakBytesPerSecond > 0 ? 100 * rate / sums.peakBytesPerSecond : 0),
            "",
            Quantity.nanoseconds(sums.overheadNanoseconds),
            "",
        ]
    }

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

/// The sums in the last row of a run's table.
private struct RunSums {
    private(set) var launches = 0
    private(set) var counters = Counters()
    private(set) var blocks: UInt64 = 0
    private(set) var nanoseconds = 0.0
    private(set) var overheadNanoseconds = 0.0
    private(set) var peakBytesPerSecond = 0.0

    mutating func add(_ result: LaunchResult) {
        launches += 1
        counters.add(result.counters)
        blocks += UInt64(result.launch.grid.blockCount)
        nanoseconds += result.durationNanoseconds
        overheadNanoseconds += result.overheadNanoseconds
        peakBytesPerSecond = max(peakBytesPerSecond, result.peakBytesPerSecond)
    }
}
