import Content
import Machine
import Models
import Operators
import Runs
import Simulator

/// A training step as tables for people: time, traffic and operations by kind of work, layer by layer or launch by
/// launch, totals, and whether the step is bound by memory.
struct StepTextWriter: LaunchWriter {
    private let step: StepLaunches
    private let division: StepDivision
    private let machine: MachineDescription
    private let cacheMode: CacheMode
    private let write: TextSink
    private var breakdown = StepBreakdown()
    private let tables: RunTables
    private var launches: TextTable
    private var rows: LaunchTables
    private var order = 0
    private var sectors: UInt64 = 0

    static let sumColumns: [(title: String, alignment: TextTable.Alignment)] = [
        ("time", .right), ("share", .right), ("launches", .right), ("HBM read", .right), ("HBM written", .right),
        ("FLOP", .right), ("HBM rate", .right),
    ]

    init(
        step: StepLaunches, division: StepDivision, machine: MachineDescription, cacheMode: CacheMode,
        tables: RunTables, write: @escaping TextSink
    ) {
        self.step = step
        self.division = division
        self.machine = machine
        self.cacheMode = cacheMode
        self.tables = tables
        self.write = write
        launches = TextTable(columns: Self.columns, width: tables.width)
        rows = LaunchTables(tables, machine: machine)
    }

    static let columns: [(title: String, alignment: TextTable.Alignment)] = [
        ("kernel", .left), ("layer", .left), ("pass", .left), ("launch", .right), ("blocks", .right), ("time", .right),
        ("times", .right), ("HBM bytes", .right), ("of peak HBM", .right), ("bounded by", .left),
    ]

    mutating func add(_ result: LaunchResult) {
        let launch = step.launches[order]
        order += 1
        breakdown.add(launch, result)
        sectors += result.counters.l1Sectors
        if !tables.isEmpty { _ = rows.add(result) }
        guard division == .launch else { return }
        launches.append([
            result.launch.kernel, launch.layer, launch.pass.rawValue, String(order),
            Quantity.count(UInt64(result.launch.grid.blockCount)), Quantity.nanoseconds(result.durationNanoseconds),
            String(launch.count),
            Quantity.bytes(Double(result.counters.hbmReadBytes + result.counters.hbmWriteBytes)),
            Quantity.percent(result.hbmBusyPercent), BoundKind(of: result).words,
        ])
    }

    mutating func finish(cost: RunCost?) throws {
        try write(MachineSummary(machine).text)
        try write("Step: \(step.name.asPrintable)" + (step.summary.map { ", \($0)" } ?? "") + "\n")
        try write(
            cacheMode == .cold
                ? "Caches: empty and clean before each launch\n"
                : "Caches: the L2 keeps its contents from launch to launch\n")
        for note in step.reductions { try write(note + "\n") }
        try write("\n")
        switch division {
        case .category:
            try rows(OperatorCategory.allCases.map { ($0.rawValue, breakdown[$0]) }, title: "kind of work").write(
                to: write)
        case .layer: try rows(breakdown.layers.map { ($0.name, $0.sums) }, title: "layer").write(to: write)
        case .launch: try launches.write(to: write)
        }
        if tables.contains(.wide) {
            try write("\nSimulated launches, repeated ones in one row:\n\n")
            try rows.writeLaunches(sums: nil, to: write)
        }
        try rows.writeOthers(to: write)
        try write("\n" + totals)
        if !breakdown.estimates.isEmpty {
            try write("\nOperators without a generator, estimated from their bytes:\n\n")
            try rows(breakdown.estimates.map { ($0.name.asPrintable, $0.sums) }, title: "operator", hasTotal: false)
                .write(to: write)
        }
        if let cost {
            try write(
                "\nSimulated \(Quantity.count(sectors)) sector requests in "
                    + "\(Quantity.fixed(cost.wallSeconds, digits: 1)) s, peak memory "
                    + "\(Quantity.bytes(Double(cost.peakMemoryBytes))).\n")
        }
        if tables.isEmpty { try write("\n" + Self.hint + "\n") }
    }

    /// Where to find other tables and what the headings mean.
    private static let hint =
        "More: --by layer, --by launch, --wide, --time, --lifetimes; weir help columns explains the headings."

    private func rows(_ parts: [(String, StepSums)], title: String, hasTotal: Bool = true) -> TextTable {
        var table = TextTable(columns: [(title, .left)] + Self.sumColumns, width: tables.width)
        func row(_ name: String, _ sums: StepSums) -> [String] {
            [
                name, Quantity.nanoseconds(sums.nanoseconds), Quantity.percent(breakdown.percent(sums)),
                Quantity.count(UInt64(sums.launches)), Quantity.bytes(sums.hbmReadBytes),
                Quantity.bytes(sums.hbmWriteBytes), Quantity.flop(sums.operations),
                Quantity.bandwidth(sums.bytesPerSecond),
            ]
        }
        for (name, sums) in parts where sums.launches > 0 { table.append(row(name, sums)) }
        if hasTotal {
            table.appendRule()
            table.append(row("total", breakdown.total))
        }
        return table
    }

    private var totals: String {
        let total = breakdown.total
        let roofs = StepRoofs(machine: machine)
        let (side, bound) = roofs.isMemoryBound(total) ? ("left", "memory") : ("right", "the tensor cores")
        return """
            Step time \(Quantity.nanoseconds(total.nanoseconds)), \(Quantity.count(UInt64(total.launches))) launches, \
            \(Quantity.percent(100 * Double(total.short) / Double(max(1, total.launches)))) of them under 5 us.
            HBM \(Quantity.bytes(total.hbmBytes)), \(Quantity.bandwidth(total.bytesPerSecond)), \
            \(Quantity.percent(roofs.hbmPercent(total))) of peak on average.
            \(Quantity.flop(total.operations)), \(Quantity.operations(total.operationsPerSecond)), \
            \(total.intensity.map { Quantity.fixed($0, digits: 1) } ?? "no") FLOP a byte of HBM traffic.
            The roofline's ridges are at \(Quantity.fixed(roofs.tensorRidge, digits: 1)) FLOP a byte (tensor cores) \
            and \(Quantity.fixed(roofs.fp32Ridge, digits: 1)) (fp32).
            The step lies \(side) of the tensor cores' ridge, so that \(bound) would bound it if nothing else did.

            """
    }
}
