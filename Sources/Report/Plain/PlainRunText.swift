import Experiments
import Machine
import Simulator

/// A run through plain caches as a table for people: a row for each level of each launch, and sums over several launches.
package struct PlainRunText: Renderer {
    package init() {}

    package func render(_ run: PlainRunResult) -> String {
        var result = MachineSummary(run.machine).text
        result += run.cacheMode == .cold
            ? "Caches: empty and clean before each launch\n\n" : "Caches: keep their contents from launch to launch\n\n"
        let total = run.total
        // Accesses of unknown type are rare: Dinero's traces have them, if any.
        let unknown = total.d1.miscellaneous > 0
        var table = TextTable(columns: unknown ? Self.columns + Self.unknownColumns : Self.columns)
        for launch in run.launches {
            append(launch.counters, name: launch.launch.kernel, machine: run.machine, unknown: unknown, to: &table)
        }
        if run.launches.count > 1 {
            table.appendRule()
            append(total, name: "total", machine: run.machine, unknown: unknown, to: &table)
        }
        result += table.text
        result += "\nMemory: \(Quantity.bytes(Double(total.memoryReadBytes))) read, "
            + "\(Quantity.bytes(Double(total.memoryWriteBytes))) written.\n"
        if let cost = run.cost {
            let rate = cost.wallSeconds > 0 ? Double(total.accesses) / cost.wallSeconds / 1e6 : 0
            result += "Simulated \(Quantity.count(total.accesses)) accesses in \(Quantity.fixed(cost.wallSeconds, digits: 2)) s"
                + " (\(Quantity.fixed(rate, digits: 1)) million a second), "
                + "peak memory \(Quantity.bytes(Double(cost.peakMemoryBytes))).\n"
        }
        return result
    }

    private static let columns: [(title: String, alignment: TextTable.Alignment)] = [
        ("kernel", .left), ("cache", .left), ("accesses", .right), ("misses", .right), ("missed", .right), ("fetches", .right),
        ("misses", .right), ("reads", .right), ("misses", .right), ("writes", .right), ("misses", .right),
        ("from D1", .right), ("misses", .right), ("write-backs", .right),
    ]
    private static let unknownColumns: [(title: String, alignment: TextTable.Alignment)] = [
        ("unknown", .right), ("misses", .right),
    ]

    private func append(
        _ counters: PlainCounters, name: String, machine: PlainMachine, unknown: Bool, to table: inout TextTable
    ) {
        let i1 = machine.settings.core.hasInstructionCache ? [("I1", counters.i1)] : []
        for (index, (level, counts)) in (i1 + [("D1", counters.d1), ("LL", counters.ll)]).enumerated() {
            let numbers = [
                counts.fetches, counts.fetchMisses, counts.reads, counts.readMisses, counts.writes, counts.writeMisses,
                counts.written, counts.writtenMisses, counts.writeBacks,
            ] + (unknown ? [counts.miscellaneous, counts.miscellaneousMisses] : [])
            table.append(
                [
                    index == 0 ? name : "", level, Quantity.count(counts.accesses), Quantity.count(counts.misses),
                    Quantity.fixed(percent(counts.misses, of: counts.accesses), digits: 2) + " %",
                ] + numbers.map(Quantity.count))
        }
    }
}
