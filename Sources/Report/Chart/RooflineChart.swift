import Experiments
import Kernels
import Simulator

/// Operations per second against operations per HBM byte, a panel for the tensor and one for the vector pipes, under the
/// machine's roof: its memory's bandwidth up to the ridge, its pipes' peak beyond.
enum RooflineChart {
    static func specification(of run: RunResult) -> ChartSpecification {
        let totals = StepTotals(of: run.launches)
        let kernels = SSDPass.allCases.flatMap { pass in totals[pass].kernels.map { (pass, $0) } }
        let clock = run.launches.map(\.clockHertz).max()
        let tensor = PeakRates(machine: run.machine)
        let vector = PeakRates(machine: run.machine, clockHertz: clock)
        var rows: [ChartSpecification.Row] = []
        append(
            "tensor pipes", peak: tensor.tensorOperationsPerSecond, bytesPerSecond: tensor.hbmBytesPerSecond,
            kernels: kernels, operations: \.tensorOperations, to: &rows)
        append(
            "vector pipes", peak: vector.vectorOperationsPerSecond, bytesPerSecond: vector.hbmBytesPerSecond,
            kernels: kernels, operations: \.vectorOperations, to: &rows)
        return ChartSpecification(
            title: "Roofline", subtitle: RunChart.subtitle(of: run) + "; HBM bytes read and written", rows: rows,
            members: [
                ("facet", ["column": ["field": "pipes", "type": "nominal", "sort": nil, "title": nil]]),
                ("spec", ["width": 380, "height": 320, "layer": layers]),
                ("resolve", ["scale": ["x": "independent", "y": "independent"]]),
            ])
    }

    /// One panel's roof, ridge and kernels; kernels without operations of its pipes or without HBM bytes have no place in it.
    private static func append(
        _ pipes: String, peak: Double, bytesPerSecond: Double, kernels: [(pass: SSDPass, totals: KernelTotals)],
        operations: KeyPath<Counters, UInt64>, to rows: inout [ChartSpecification.Row]
    ) {
        let hasPasses = Set(kernels.map(\.pass)).count > 1
        var points: [ChartSpecification.Row] = []
        var intensities: [Double] = []
        for (number, (pass, totals)) in kernels.enumerated() {
            let count = Double(totals.counters[keyPath: operations])
            guard count > 0, totals.hbmBytes > 0 else { continue }
            let intensity = count / Double(totals.hbmBytes)
            let name = totals.kernel + (hasPasses ? " (\(pass.rawValue))" : "")
            intensities.append(intensity)
            points.append([
                ("part", "kernel"), ("pipes", .text(pipes)), ("kernel", .text("\(number + 1) \(name)")),
                ("number", .text(String(number + 1))), ("operations_per_byte", .number(intensity)),
                ("operations_per_second", .number(count / (totals.nanoseconds * 1e-9))),
            ])
        }
        guard peak.isFinite, !points.isEmpty else { return }
        let ridge = peak / bytesPerSecond
        let least = min(intensities.min() ?? ridge, ridge) / 4
        let greatest = max(intensities.max() ?? ridge, ridge) * 4
        for intensity in [least, ridge, greatest] {
            rows.append([
                ("part", "roof"), ("pipes", .text(pipes)), ("operations_per_byte", .number(intensity)),
                ("operations_per_second", .number(min(peak, intensity * bytesPerSecond))),
            ])
        }
        rows.append([
            ("part", "ridge"), ("pipes", .text(pipes)), ("operations_per_byte", .number(ridge)),
            ("operations_per_second", .number(peak)),
            ("label", .text("\(Quantity.operations(peak)) from \(Quantity.fixed(ridge, digits: 1)) op/B")),
        ])
        rows += points
    }

    private static var layers: JSONValue {
        let x: JSONValue = [
            "field": "operations_per_byte", "type": "quantitative", "scale": ["type": "log", "nice": false],
            "title": "operations per HBM byte", "axis": ["format": "~g", "tickCount": 6, "labelOverlap": true],
        ]
        let y: JSONValue = [
            "field": "operations_per_second", "type": "quantitative", "scale": ["type": "log"],
            "title": "operations per second", "axis": ["format": "~s", "tickCount": 6, "labelOverlap": true],
        ]
        func layer(_ part: String, mark: JSONValue, more: [(key: String, value: JSONValue)] = []) -> JSONValue {
            [
                "transform": [["filter": .text("datum.part == '\(part)'")]], "mark": mark,
                "encoding": .object([("x", x), ("y", y)] + more),
            ]
        }
        let number: (key: String, value: JSONValue) = ("text", ["field": "number"])
        let color: (key: String, value: JSONValue) = (
            "color", ["field": "kernel", "type": "nominal", "sort": nil, "title": nil, "scale": ["scheme": "tableau20"]]
        )
        return [
            layer("roof", mark: ["type": "line", "color": "#888888", "clip": true]),
            layer(
                "ridge", mark: ["type": "text", "align": "right", "dy": -8, "fontSize": 10, "color": "#555555"],
                more: [("text", ["field": "label"])]),
            layer("kernel", mark: ["type": "point", "filled": true, "size": 70, "tooltip": true, "opacity": 1], more: [color]),
            layer("kernel", mark: ["type": "text", "dx": 9, "fontSize": 10, "align": "left"], more: [number]),
        ]
    }
}
