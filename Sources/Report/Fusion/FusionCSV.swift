import Fusion
import Kernels
import Runs
import Simulator

/// A comparison as CSV. It has the rows of `run` for every launch of baseline and variant, with the side in front, and
/// a row of totals for each side. The own columns of totals are only the counters and times.
package struct FusionCSV: Renderer {
    package init() {}

    package func render(_ comparison: FusionComparison) -> String {
        var table: CSVTable?
        for (name, side) in [("baseline", comparison.baseline), ("variant", comparison.variant)] {
            let passes = StepTotals(of: side.launches).passes
            let rows = side.launches.indices.map {
                RunCSV().fields(of: side.launches[$0], order: $0, pass: passes[$0], mode: .chained)
            }
            guard let columns = rows.first?.map(\.name) else { continue }
            if table == nil { table = CSVTable(columns: ["side"] + columns) }
            for row in rows { table?.append([name] + row.map(\.text)) }
            var totals = Dictionary(
                side.columns.map { ($0.name, JSONValue.text(of: $0.value)) }, uniquingKeysWith: { $1 })
            totals["kernel"] = "total"
            table?.append([name] + columns.map { totals[$0] ?? "" })
        }
        return table?.text ?? ""
    }
}
