import Analysis

/// Curves as CSV in long form: a row for each launch, tensor and capacity. The tensor `all` stands for all tensors of a
/// launch together. It has rows for all accesses, for reads and for writes.
package struct CurveCSV: Renderer {
    package init() {}

    package func render(_ result: CurveResult) -> String {
        var table = CSVTable(columns: [
            "level", "launch", "kernel", "tensor", "access", "sets", "ways", "capacity_bytes", "accesses", "misses",
            "miss_ratio",
            "compulsory_misses", "standard_error", "sample",
        ])
        for (order, launch) in result.launches.enumerated() {
            let together = [("all", launch.total), ("read", launch.reads), ("write", launch.writes)]
            for (access, curve) in together + launch.tensors.map({ ("all", $0) }) {
                let known = curve.isKnown
                for (index, point) in launch.points.enumerated() {
                    table.append([
                        result.settings.level.rawValue, String(order), launch.launch.kernel, curve.name, access,
                        point.sets.map { String($0) } ?? "", point.ways.map { String($0) } ?? "",
                        String(point.capacityBytes),
                        String(curve.accesses), known ? String(curve.misses[index]) : "",
                        known ? JSONValue.text(of: curve.missRatio(index)) : "",
                        known ? String(curve.compulsoryMisses) : "",
                        curve.standardError(index).map { JSONValue.text(of: $0) } ?? "", verdict(curve, index),
                    ])
                }
            }
        }
        return table.text
    }

    /// The quality of a sample at a point; empty if all lines are counted.
    private func verdict(_ curve: MissCurve, _ point: Int) -> String {
        if curve.sample == nil { return "" }
        return curve.accesses == 0 ? "no accesses" : curve.isTooSmall(point) ? "too small" : "ok"
    }
}
