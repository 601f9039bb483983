import Experiments

/// Curves as CSV in long form: a row for each launch, tensor and capacity. The tensor `all` is all of a launch's tensors together.
package struct CurveCSV: Renderer {
    package init() {}

    package func render(_ result: CurveResult) -> String {
        var table = CSVTable(columns: [
            "level", "launch", "kernel", "tensor", "sets", "ways", "capacity_bytes", "accesses", "misses", "miss_ratio",
            "compulsory_misses", "standard_error",
        ])
        for (order, launch) in result.launches.enumerated() {
            for curve in [launch.total] + launch.tensors {
                for (index, point) in launch.points.enumerated() {
                    table.append([
                        result.settings.level.rawValue, String(order), launch.launch.kernel, curve.name,
                        point.sets.map { String($0) } ?? "", point.ways.map { String($0) } ?? "", String(point.capacityBytes),
                        String(curve.accesses), String(curve.misses[index]), JSONValue.text(of: curve.missRatio(index)),
                        String(curve.compulsoryMisses), curve.standardError(index).map { JSONValue.text(of: $0) } ?? "",
                    ])
                }
            }
        }
        return table.text
    }
}
