import Kernels
import Runs
import Simulator
import Studies

/// A search of tilings as JSON: the machine, and for each kernel the tilings by predicted time with everything that
/// `weir run` gives for a launch. The tilings that cannot run and the accuracy of the ranking follow.
package struct TuneJSON: Renderer {
    package init() {}

    package func render(_ search: TilingSearch) -> String {
        let requests = search.rankings.flatMap(\.candidates).reduce(UInt64(0)) { $0 + $1.result.counters.l1Sectors }
        return JSONValue.object([
            ("machine", MachineSummary(search.machine).json),
            ("cache", .text(search.cacheMode.rawValue)),
            ("kernels", .array(search.rankings.map { value(of: $0, mode: search.cacheMode) })),
            ("sector_requests", .count(requests)),
            ("wall_seconds", search.cost.map { .number($0.wallSeconds) } ?? .null),
            ("peak_memory_bytes", search.cost.map { .integer($0.peakMemoryBytes) } ?? .null),
        ]).text + "\n"
    }

    private func value(of ranking: TilingRanking, mode: CacheMode) -> JSONValue {
        .object([
            ("kernel", .text(ranking.kernel)),
            (
                "tilings",
                .array(
                    ranking.candidates.enumerated().map { index, candidate in
                        let pass = StepTotals(of: [candidate.result]).passes[0]
                        let launch = RunJSON().members(
                            of: candidate.result, order: ranking.order, pass: pass, mode: mode)
                        return .object(
                            [
                                ("rank", .integer(index + 1)), ("slower_pct", .number(candidate.slowerPercent)),
                                ("tied", .flag(candidate.isTied)), ("default", .flag(candidate.isDefault)),
                            ] + launch)
                    })
            ),
            (
                "cannot_run",
                .array(
                    ranking.misfits.map {
                        .object([("tiling", .text($0.tiling.description)), ("reason", .text($0.reason))])
                    })
            ),
            ("accuracy", value(of: ranking.accuracy)),
        ])
    }

    private func value(of accuracy: RankingAccuracy) -> JSONValue {
        .object([
            ("of_this_kernel", .flag(accuracy.isOfKernel)),
            ("tilings", .integer(accuracy.tilings)),
            ("mean_error_pct", .number(accuracy.meanErrorPercent)),
            ("mean_regret_pct", .number(accuracy.meanRegretPercent)),
            ("worst_regret_pct", .number(accuracy.worstRegretPercent)),
            ("rank_correlation", .number(accuracy.rankCorrelation)),
            ("ordered_pairs_pct", .number(accuracy.orderedPercent)),
            (
                "measured",
                .array(
                    accuracy.groups.map { group in
                        .object([
                            ("shape", .text(group.shape)), ("kernel", .text(group.kernel)),
                            ("tilings", .integer(group.tilings)),
                            ("regret_pct", .number(group.regretPercent)),
                            ("rank_correlation", .number(group.rankCorrelation)),
                            ("pairs", .integer(group.pairs)), ("ordered_pairs", .number(group.orderedPairs)),
                            ("mean_error_pct", .number(group.errorSum / Double(group.tilings))),
                        ])
                    })
            ),
        ])
    }
}
