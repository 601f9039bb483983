import Content
import Runs
import Simulator

/// The uses of launches' time and the lifetimes of their blocks, as tables for people.
enum TimeTables {
    /// A table of each part of launches' durations in percent, without rows.
    /// - Parameter titles: the titles of the first columns.
    static func shares(
        titles: [(title: String, alignment: TextTable.Alignment)], width: Int? = TextWidth.columns
    ) -> TextTable {
        TextTable(columns: titles + TimeShares.titles.map { ($0.title, .right) }, width: width)
    }

    /// A launch's row of `shares`, behind the cells of the first columns.
    static func row(_ labels: [String], shares: TimeShares) -> [String] {
        let parts = shares.parts.map { Quantity.fixed(100 * $0.share, digits: 1) }
        return labels + (parts.isEmpty ? TimeShares.titles.map { _ in "-" } : parts)
    }

    /// One row per launch with each part of the duration in percent.
    /// - Parameter labels: the first columns' titles and, for each launch, their cells.
    static func shares(
        _ launches: [(labels: [String], shares: TimeShares)], titles: [(title: String, alignment: TextTable.Alignment)]
    ) -> TextTable {
        var table = shares(titles: titles)
        for launch in launches { table.append(row(launch.labels, shares: launch.shares)) }
        return table
    }

    /// A table without rows. It shows the distributions of block lifetimes in cycles, and the SMs with the shortest and
    /// longest lifetimes.
    static func lifetimes(width: Int? = TextWidth.columns) -> TextTable {
        TextTable(columns: lifetimeColumns, width: width)
    }

    static let lifetimeColumns: [(title: String, alignment: TextTable.Alignment)] = [
        ("kernel", .left), ("mean", .right), ("min", .right), ("p10", .right), ("p50", .right), ("p90", .right),
        ("max", .right), ("least SM mean", .right), ("greatest SM mean", .right), ("SM active", .right),
        ("warps per SM", .right),
    ]

    /// A group's row of `lifetimes`.
    static func row(lifetimesOf group: LaunchGroup) -> [String] {
        let lifetimes = group.lifetimes
        let means = group.smMeanLifetimes ?? 0...0
        let cycles = [
            lifetimes.mean, lifetimes.count == 0 ? 0 : lifetimes.minimum, lifetimes.percentile(0.1),
            lifetimes.percentile(0.5), lifetimes.percentile(0.9), lifetimes.maximum, means.lowerBound, means.upperBound,
            group.meanSMActiveCycles,
        ]
        return [group.title] + cycles.map { Quantity.wholeCount($0) }
            + [Quantity.fixed(group.meanActiveWarps, digits: 2)]
    }

    /// The table of `lifetimes` with one row per launch.
    static func lifetimes(_ results: [LaunchResult]) -> TextTable {
        var table = lifetimes()
        for result in results { table.append(row(lifetimesOf: LaunchGroup(result))) }
        return table
    }
}
