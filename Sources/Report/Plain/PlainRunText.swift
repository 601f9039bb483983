import Machine
import Runs
import Simulator

/// A run through plain caches as a table for people: a row for each level of each launch, and sums if there are several
/// launches.
package struct PlainRunText: Renderer {
    package init() {}

    package func render(_ run: PlainRunResult) -> String {
        String(writing: { sink in
            var writer = PlainRunTextWriter(machine: run.machine, cacheMode: run.cacheMode, tables: [], write: sink)
            try writer.write(run.launches, cost: run.cost)
        })
    }
}

/// Writes a run through plain caches as a table. It keeps the cells of each launch's rows until the columns' widths are
/// known.
struct PlainRunTextWriter: LaunchWriter {
    private let machine: PlainMachine
    private let cacheMode: CacheMode
    private let write: TextSink
    private var table: TextTable
    private var total = PlainCounters()
    private var launches = 0

    init(machine: PlainMachine, cacheMode: CacheMode, tables: RunTables, write: @escaping TextSink) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.write = write
        table = TextTable(columns: Self.columns + Self.unknownColumns, width: tables.width)
    }

    mutating func add(_ result: PlainLaunchResult) {
        append(result.counters, name: result.launch.kernel)
        total.add(result.counters)
        launches += 1
    }

    mutating func finish(cost: RunCost?) throws {
        try write(MachineSummary(machine).text)
        try write(
            cacheMode == .cold
                ? "Caches: empty and clean before each launch\n\n"
                : "Caches: keep their contents from launch to launch\n\n")
        if launches > 1 {
            table.appendRule()
            append(total, name: "total")
        }
        // Accesses of unknown type are rare. Only Dinero's traces have them, if any.
        try table.write(to: write, without: total.d1.miscellaneous > 0 ? 0 : Self.unknownColumns.count)
        try write(
            "\nMemory: \(Quantity.bytes(Double(total.memoryReadBytes))) read, "
                + "\(Quantity.bytes(Double(total.memoryWriteBytes))) written.\n")
        guard let cost else { return }
        let rate = cost.wallSeconds > 0 ? Double(total.accesses) / cost.wallSeconds / 1e6 : 0
        try write(
            "Simulated \(Quantity.count(total.accesses)) accesses in \(Quantity.fixed(cost.wallSeconds, digits: 2)) s"
                + " (\(Quantity.fixed(rate, digits: 1)) million a second), "
                + "peak memory \(Quantity.bytes(Double(cost.peakMemoryBytes))).\n")
    }

    private static let columns: [(title: String, alignment: TextTable.Alignment)] = [
        ("kernel", .left), ("cache", .left), ("accesses", .right), ("misses", .right), ("missed", .right),
        ("fetches", .right),
        ("misses", .right), ("reads", .right), ("misses", .right), ("writes", .right), ("misses", .right),
        ("from D1", .right), ("misses", .right), ("write-backs", .right),
    ]
    private static let unknownColumns: [(title: String, alignment: TextTable.Alignment)] = [
        ("unknown", .right), ("misses", .right),
    ]

    private mutating func append(_ counters: PlainCounters, name: String) {
        let i1 = machine.settings.core.hasInstructionCache ? [("I1", counters.i1)] : []
        for (index, (level, counts)) in (i1 + [("D1", counters.d1), ("LL", counters.ll)]).enumerated() {
            let numbers = [
                counts.fetches, counts.fetchMisses, counts.reads, counts.readMisses, counts.writes, counts.writeMisses,
                counts.written, counts.writtenMisses, counts.writeBacks, counts.miscellaneous,
                counts.miscellaneousMisses,
            ]
            table.append(
                [
                    index == 0 ? name : "", level, Quantity.count(counts.accesses), Quantity.count(counts.misses),
                    Quantity.fixed(percent(counts.misses, of: counts.accesses), digits: 2) + " %",
                ] + numbers.map(Quantity.count))
        }
    }
}
