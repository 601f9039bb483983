import Experiments
import Simulator
import Trace

/// A run as tables for people: one row a launch, a row of totals, where the time went, lifetimes, a training
/// step's totals where several launches include the backward pass's, and notes.
package struct RunText: Renderer {
    package init() {}

    package func render(_ run: RunResult) -> String {
        var result = MachineSummary(run.machine).text
        result += run.cacheMode == .cold
            ? "Caches: empty and clean before each launch\n\n" : "Caches: the L2 keeps its contents from launch to launch\n\n"
        var table = TextTable(columns: Self.columns)
        for launch in run.launches { table.append(row(of: launch)) }
        if run.launches.count > 1 {
            table.appendRule()
            table.append(totals(of: run.launches))
        }
        result += table.text
        result += "\nWhere the time went, in percent of each launch's duration:\n\n"
        result += TimeTables.shares(
            run.launches.map { ([$0.launch.kernel], TimeShares(of: $0)) }, titles: [("kernel", .left)]
        ).text
        result += "\nLifetimes of thread blocks and what SMs were active, in cycles:\n\n" + TimeTables.lifetimes(run.launches).text
        let totals = StepTotals(of: run.launches)
        if run.launches.count > 1, totals.backward.launches > 0 { result += TotalsText.text(of: totals, machine: run.machine) }
        let notes = self.notes(of: run)
        if !notes.isEmpty { result += "\n" + notes.map { $0 + "\n" }.joined() }
        return result
    }

    private static let columns: [(title: String, alignment: TextTable.Alignment)] = [
        ("kernel", .left), ("blocks", .right), ("waves", .right), ("blocks/SM", .right), ("L1 requests", .right),
        ("L1 sectors", .right), ("L1 hit", .right), ("L2 hit", .right), ("HBM read", .right), ("HBM written", .right),
        ("time", .right), ("HBM rate", .right), ("of peak", .right), ("median block", .right), ("overhead", .right),
        ("bounded by", .left),
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
            Quantity.bytes(Double(counters.hbmReadBytes)),
            Quantity.bytes(Double(counters.hbmWriteBytes)),
            Quantity.nanoseconds(result.durationNanoseconds),
            Quantity.bandwidth(result.hbmBytesPerSecond),
            Quantity.percent(result.hbmBusyPercent),
            Quantity.nanoseconds(median / result.clockHertz * 1e9),
            Quantity.nanoseconds(result.overheadNanoseconds),
            BoundKind(of: result).rawValue,
        ]
    }

    /// Sums, and rates over the sums; what adds up to nothing is left empty.
    private func totals(of results: [LaunchResult]) -> [String] {
        var counters = Counters()
        for result in results { counters.add(result.counters) }
        let time = results.reduce(0) { $0 + $1.durationNanoseconds }
        let rate = Double(counters.hbmReadBytes + counters.hbmWriteBytes) / (time * 1e-9)
        let peak = results.map(\.peakBytesPerSecond).max() ?? 0
        return [
            "total",
            Quantity.count(results.reduce(0) { $0 + UInt64($1.launch.grid.blockCount) }),
            "", "",
            Quantity.count(counters.l1LoadRequests + counters.l1StoreRequests),
            Quantity.count(counters.l1Sectors),
            Quantity.percent(counters.l1HitPercent),
            Quantity.percent(counters.l2HitPercent),
            Quantity.bytes(Double(counters.hbmReadBytes)),
            Quantity.bytes(Double(counters.hbmWriteBytes)),
            Quantity.nanoseconds(time),
            Quantity.bandwidth(rate),
            Quantity.percent(peak > 0 ? 100 * rate / peak : 0),
            "",
            Quantity.nanoseconds(results.reduce(0) { $0 + $1.overheadNanoseconds }),
            "",
        ]
    }

    private func notes(of run: RunResult) -> [String] {
        var notes: [String] = []
        let estimated = run.launches.filter(\.launch.resourcesAreEstimated)
        if !estimated.isEmpty {
            notes.append("* Registers and shared memory are estimates: no table of compiled kernels has this tiling.")
            for result in estimated {
                let launch = result.launch
                notes.append(
                    "  \(launch.kernel.asPrintable) (\(launch.tiling.asPrintable)): \(launch.registersPerThread) registers a thread, "
                        + "\(launch.sharedMemoryBytesPerBlock) bytes of shared memory a block")
            }
        }
        if let cost = run.cost {
            let rate = cost.wallSeconds > 0 ? Double(run.sectorRequests) / cost.wallSeconds / 1e6 : 0
            notes.append(
                "Simulated \(Quantity.count(run.sectorRequests)) sector requests in \(Quantity.fixed(cost.wallSeconds, digits: 2)) s"
                    + " (\(Quantity.fixed(rate, digits: 1)) million a second), peak memory \(Quantity.bytes(Double(cost.peakMemoryBytes))).")
        }
        return notes
    }
}
