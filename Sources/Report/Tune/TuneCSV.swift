import Kernels
import Runs
import Studies

/// A search of tilings as CSV. Each row is a tiling: rank and ties first, then the columns of `weir run --format csv`.
/// A tiling that cannot run has no rank, the reason, and empty columns.
package struct TuneCSV: Renderer {
    package init() {}

    package func render(_ search: TilingSearch) -> String {
        let candidates = search.rankings.flatMap { ranking in
            ranking.candidates.enumerated().map { index, candidate in
                let pass = StepTotals(of: [candidate.result]).passes[0]
                let launch = RunCSV().fields(
                    of: candidate.result, order: ranking.order, pass: pass, mode: search.cacheMode)
                return [
                    ("rank", String(index + 1)), ("slower_pct", JSONValue.text(of: candidate.slowerPercent)),
                    ("tied", String(candidate.isTied)), ("default", String(candidate.isDefault)), ("reason", ""),
                ] + launch
            }
        }
        let leading = ["rank", "slower_pct", "tied", "default", "reason", "order", "kernel", "tiling"]
        let columns = candidates.first?.map(\.0) ?? leading
        var table = CSVTable(columns: columns)
        var rows = candidates[...]
        for ranking in search.rankings {
            for _ in ranking.candidates { table.append(rows.removeFirst().map(\.1)) }
            for misfit in ranking.misfits {
                let known = [
                    "reason": misfit.reason, "order": String(ranking.order), "kernel": ranking.kernel,
                    "tiling": misfit.tiling.description,
                ]
                table.append(columns.map { known[$0] ?? "" })
            }
        }
        return table.text
    }
}
