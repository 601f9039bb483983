import Experiments
import Simulator

/// Where launches' time went and how long their blocks lived, as tables for people.
enum TimeTables {
    /// One row a launch: each part of the duration in percent.
    /// - Parameter labels: the first columns' titles and, for each launch, their cells.
    static func shares(
        _ launches: [(labels: [String], shares: TimeShares)], titles: [(title: String, alignment: TextTable.Alignment)]
    ) -> TextTable {
        var table = TextTable(columns: titles + TimeShares.titles.map { ($0.title, .right) })
        for launch in launches {
            let parts = launch.shares.parts.map { Quantity.fixed(100 * $0.share, digits: 1) }
            table.append(launch.labels + (parts.isEmpty ? TimeShares.titles.map { _ in "-" } : parts))
        }
        return table
    }

    /// One row a launch: the distribution of block lifetimes in cycles, and the SMs with the shortest and longest ones.
    static func lifetimes(_ results: [LaunchResult]) -> TextTable {
        var table = TextTable(columns: [
            ("kernel", .left), ("mean", .right), ("min", .right), ("p10", .right), ("p50", .right), ("p90", .right),
            ("max", .right), ("least SM mean", .right), ("greatest SM mean", .right), ("SM active", .right),
            ("warps/SM", .right),
        ])
        for result in results {
            let lifetimes = result.lifetimes
            let means = result.smMeanLifetimes ?? 0...0
            let cycles = [
                lifetimes.mean, lifetimes.count == 0 ? 0 : lifetimes.minimum, lifetimes.percentile(0.1),
                lifetimes.percentile(0.5), lifetimes.percentile(0.9), lifetimes.maximum, means.lowerBound, means.upperBound,
                result.meanSMActiveCycles,
            ]
            table.append(
                [result.launch.kernel] + cycles.map { Quantity.wholeCount($0) }
                    + [Quantity.fixed(result.meanActiveWarps, digits: 2)])
        }
        return table
    }
}
