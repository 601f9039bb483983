import Kernels
import Runs
import Simulator
import Studies

/// A search of tilings as tables for people: for each kernel the tilings by predicted time, those that do not fit, and
/// how reliable the order is.
package struct TuneText: Renderer {
    package init() {}

    package func render(_ search: TilingSearch) -> String {
        var result = MachineSummary(search.machine).text
        result +=
            search.cacheMode == .cold
            ? "Caches: empty and clean before each launch\n"
            : "Caches: the L2 has what the launches before left, at default tilings\n"
        let summary = MachineSummary(search.machine)
        let isMeasured = summary.preset == "h200" && summary.differences.isEmpty
        for ranking in search.rankings {
            result += "\n" + text(of: ranking)
            if !isMeasured {
                result += "  How far off times are on this machine is not known: only the H200 was measured.\n"
            }
        }
        if search.rankings.contains(where: { $0.candidates.contains(where: \.result.launch.resourcesAreEstimated) }) {
            result += "\n* Registers and shared memory are estimates: no table of compiled kernels has this tiling.\n"
        }
        if let cost = search.cost {
            let tilings = search.rankings.reduce(0) { $0 + $1.candidates.count }
            result +=
                "\nSimulated \(tilings) tilings in \(Quantity.fixed(cost.wallSeconds, digits: 2)) s, peak memory "
                + Quantity.bytes(Double(cost.peakMemoryBytes)) + ".\n"
        }
        return result
    }

    private static let columns: [(title: String, alignment: TextTable.Alignment)] = [
        ("#", .right), ("", .left), ("tiling", .left), ("time", .right), ("slower", .right), ("blocks", .right),
        ("registers", .right), ("shared", .right), ("blocks/SM", .right), ("limited by", .left), ("waves", .right),
        ("L1 sectors", .right), ("L1 hit", .right), ("L2 sectors", .right), ("L2 hit", .right), ("HBM read", .right),
        ("HBM written", .right), ("bounded by", .left),
    ]

    private func text(of ranking: TilingRanking) -> String {
        var result = "\(ranking.kernel), tilings by predicted time (= tied with the fastest, d default):\n\n"
        var table = TextTable(columns: Self.columns)
        for (index, candidate) in ranking.candidates.enumerated() { table.append(row(of: candidate, rank: index + 1)) }
        result += table.text
        if !ranking.misfits.isEmpty {
            result += "\nCannot run here:\n"
            for misfit in ranking.misfits { result += "  \(misfit.tiling): \(misfit.reason)\n" }
        }
        return result + "\n" + confidence(of: ranking).map { $0 + "\n" }.joined()
    }

    private func row(of candidate: TilingRanking.Candidate, rank: Int) -> [String] {
        let result = candidate.result
        let counters = result.counters
        return [
            String(rank),
            (candidate.isTied ? "=" : "") + (candidate.isDefault ? "d" : ""),
            candidate.tiling.description + (result.launch.resourcesAreEstimated ? " *" : ""),
            Quantity.nanoseconds(result.durationNanoseconds),
            Quantity.percent(candidate.slowerPercent),
            Quantity.count(UInt64(result.launch.grid.blockCount)),
            String(result.launch.registersPerThread),
            Quantity.count(UInt64(result.launch.sharedMemoryBytesPerBlock)) + " B",
            String(result.occupancy.blocksPerSM),
            result.occupancy.limitedBy.rawValue,
            Quantity.fixed(result.waves, digits: 2),
            Quantity.count(counters.l1Sectors),
            Quantity.percent(counters.l1HitPercent),
            Quantity.count(counters.l2Sectors),
            Quantity.percent(counters.l2HitPercent),
            Quantity.bytes(Double(counters.hbmReadBytes)),
            Quantity.bytes(Double(counters.hbmWriteBytes)),
            BoundKind(of: result).words,
        ]
    }

    private func confidence(of ranking: TilingRanking) -> [String] {
        let accuracy = ranking.accuracy
        let error = Quantity.percent(accuracy.meanErrorPercent)
        var lines: [String] = []
        let shapes = accuracy.groups.reduce(into: [String]()) { if !$0.contains($1.shape) { $0.append($1.shape) } }
        let subject =
            accuracy.isOfKernel
            ? "of this kernel" : "of other kernels (none of \(ranking.kernel) was measured)"
        lines.append(
            "How sure: of \(accuracy.tilings) tilings \(subject) measured on an H200 with cold caches "
                + "(\(shapes.joined(separator: ", "))),")
        if accuracy.isOfKernel {
            let regrets = accuracy.groups.map { Quantity.percent($0.regretPercent) }.joined(separator: " and ")
            lines.append("  the one predicted to be fastest was \(regrets) slower than the fastest,")
        } else {
            lines.append(
                "  the one predicted to be fastest was \(Quantity.percent(accuracy.meanRegretPercent)) slower than the fastest "
                    + "on average, \(Quantity.percent(accuracy.worstRegretPercent)) at worst,")
        }
        lines.append(
            "  \(Quantity.percent(accuracy.orderedPercent)) of pairs were predicted in the measured order (rank correlation "
                + "\(Quantity.fixed(accuracy.rankCorrelation, digits: 2))), and times were \(error) off on average.")
        let tied = ranking.tied.count
        if tied > 1 {
            lines.append(
                "  The first \(tied) lie within \(error) of the fastest: the model cannot tell them apart.")
        } else if tied == 1, ranking.candidates.count > 1 {
            lines.append("  No other tiling lies within \(error) of the fastest.")
        }
        return lines
    }
}
