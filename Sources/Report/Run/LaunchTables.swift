import Content
import Machine
import Runs
import Simulator

/// The tables of launches for people: a row for each group of launches that are alike, in the order of their first
/// ones.
///
/// Memory does not grow with the number of launches of a group. Of more than `mostGroups` groups, those so far become
/// rows, and launches like them a row of their own further down.
struct LaunchTables {
    typealias Columns = [(title: String, alignment: TextTable.Alignment)]

    private static let mostGroups = 2048

    private let tables: RunTables
    private let limit: L2Limit
    private var groups: [LaunchGroup] = []
    private var indices: [LaunchGroup.Key: Int] = [:]
    private var launches: TextTable
    private var shares: TextTable
    private var lifetimes: TextTable

    init(_ tables: RunTables, machine: MachineDescription) {
        self.tables = tables
        limit = L2Limit(machine: machine)
        launches = TextTable(columns: tables.contains(.wide) ? Self.wideColumns : Self.columns, width: tables.width)
        shares = TimeTables.shares(titles: [("kernel", .left)], width: tables.width)
        lifetimes = TimeTables.lifetimes(width: tables.width)
    }

    /// Takes the next launch.
    /// - Returns: whether it is the first of its kind.
    mutating func add(_ result: LaunchResult) -> Bool {
        let key = LaunchGroup.Key(result.launch)
        if let index = indices[key] {
            groups[index].add(result, limit: limit)
            return false
        }
        if groups.count >= Self.mostGroups { makeRows() }
        indices[key] = groups.count
        groups.append(LaunchGroup(result, limit: limit))
        return true
    }

    /// Writes the table of launches.
    /// - Parameter sums: of all launches, for the last row; nil without one.
    mutating func writeLaunches(sums: RunSums?, to write: TextSink) throws {
        makeRows()
        if let sums {
            launches.appendRule()
            launches.append(tables.contains(.wide) ? wideTotal(sums) : total(sums))
        }
        try launches.write(to: write)
    }

    /// Writes the other tables that were asked for.
    mutating func writeOthers(to write: TextSink) throws {
        makeRows()
        if tables.contains(.time) {
            try write("\nWhere the time went, in percent of each row's time:\n\n")
            try shares.write(to: write)
        }
        if tables.contains(.lifetimes) {
            try write("\nLifetimes of thread blocks and what SMs were active, in cycles:\n\n")
            try lifetimes.write(to: write)
        }
    }

    private mutating func makeRows() {
        for group in groups {
            launches.append(tables.contains(.wide) ? wideRow(of: group) : row(of: group))
            if tables.contains(.time) { shares.append(TimeTables.row([group.title], shares: group.shares)) }
            if tables.contains(.lifetimes) { lifetimes.append(TimeTables.row(lifetimesOf: group)) }
        }
        (groups, indices) = ([], [:])
    }

    // MARK: The table that fits

    static let columns: Columns = [
        ("kernel", .left), ("time", .right), ("of peak HBM", .right), ("L2 hit", .right), ("HBM bytes", .right),
        ("L2 rate", .right), ("blocks per SM", .right), ("median block", .right), ("bounded by", .left),
    ]

    private func row(of group: LaunchGroup) -> [String] {
        [
            group.title, Quantity.nanoseconds(group.nanoseconds), Quantity.percent(group.hbmPercent),
            Quantity.percent(group.counters.l2HitPercent), Quantity.bytes(group.hbmBytes),
            group.l2Percent(limit).map(Quantity.percent) ?? "-", String(group.blocksPerSM),
            Quantity.nanoseconds(group.medianNanoseconds), group.bound.words,
        ]
    }

    private func total(_ sums: RunSums) -> [String] {
        [
            "total", Quantity.nanoseconds(sums.nanoseconds), Quantity.percent(sums.hbmPercent),
            Quantity.percent(sums.counters.l2HitPercent), Quantity.bytes(sums.hbmBytes),
            sums.mostL2Bytes > 0 ? Quantity.percent(100 * limit.bytes(sums.counters) / sums.mostL2Bytes) : "-",
            "", "", "",
        ]
    }

    // MARK: The table with all columns

    static let wideColumns: Columns =
        [
            ("kernel", .left), ("blocks", .right), ("waves", .right), ("blocks per SM", .right),
            ("L1 requests", .right), ("L1 sectors", .right), ("L1 hit", .right), ("L2 hit", .right),
        ] + CounterColumn.all.map { ($0.heading, .right) } + [
            ("time", .right), ("HBM rate", .right), ("of peak HBM", .right), ("L2 rate", .right),
            ("median block", .right), ("overhead", .right), ("bounded by", .left),
        ]

    private func wideRow(of group: LaunchGroup) -> [String] {
        let counters = group.counters
        return [
            group.title, Quantity.count(group.blocks), Quantity.fixed(group.waves, digits: 2),
            String(group.blocksPerSM), Quantity.count(counters.l1LoadRequests + counters.l1StoreRequests),
            Quantity.count(counters.l1Sectors), Quantity.percent(counters.l1HitPercent),
            Quantity.percent(counters.l2HitPercent),
        ] + CounterColumn.all.map { $0.cell(counters) } + [
            Quantity.nanoseconds(group.nanoseconds), Quantity.bandwidth(group.hbmBytesPerSecond),
            Quantity.percent(group.hbmPercent), group.l2Percent(limit).map(Quantity.percent) ?? "-",
            Quantity.nanoseconds(group.medianNanoseconds), Quantity.nanoseconds(group.overheadNanoseconds),
            group.bound.words,
        ]
    }

    /// Sums, and rates over the sums. Columns whose sum has no meaning are left empty.
    private func wideTotal(_ sums: RunSums) -> [String] {
        let counters = sums.counters
        return [
            "total", Quantity.count(sums.blocks), "", "",
            Quantity.count(counters.l1LoadRequests + counters.l1StoreRequests), Quantity.count(counters.l1Sectors),
            Quantity.percent(counters.l1HitPercent), Quantity.percent(counters.l2HitPercent),
        ] + CounterColumn.all.map { $0.cell(counters) } + [
            Quantity.nanoseconds(sums.nanoseconds), Quantity.bandwidth(sums.hbmBytesPerSecond),
            Quantity.percent(sums.hbmPercent),
            sums.mostL2Bytes > 0 ? Quantity.percent(100 * limit.bytes(counters) / sums.mostL2Bytes) : "-",
            "", Quantity.nanoseconds(sums.overheadNanoseconds), "",
        ]
    }
}
