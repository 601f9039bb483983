import Runs
import Simulator

/// Operations per second against operations per HBM byte of each kernel. The launches of a kernel count together. There
/// is one panel for the tensor pipes and one for the vector pipes. Each panel shows the machine's roof: the memory's
/// bandwidth up to the ridge, and the peak of the pipes beyond it.
enum RooflineChart {
    static func specification(of run: RunResult) -> ChartSpecification {
        let kernels = StepTotals(of: run.launches).together.kernels
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
                ("spec", ["width": 430, "height": 360, "layer": layers(names: names(of: kernels))]),
                ("resolve", ["scale": ["x": "independent", "y": "independent"]]),
            ])
    }

    /// Appends one panel's roof, ridge and kernels. Kernels without operations of its pipes or without HBM bytes have
    /// no place in the panel.
    private static func append(
        _ pipes: String, peak: Double, bytesPerSecond: Double, kernels: [KernelTotals],
        operations: KeyPath<Counters, UInt64>, to rows: inout [ChartSpecification.Row]
    ) {
        let names = names(of: kernels)
        var points: [(number: Int, x: Double, y: Double)] = []
        for (number, totals) in kernels.enumerated() {
            let count = Double(totals.counters[keyPath: operations])
            guard count > 0, totals.hbmBytes > 0 else { continue }
            points.append((number, count / Double(totals.hbmBytes), count / (totals.nanoseconds * 1e-9)))
        }
        guard peak.isFinite, !points.isEmpty else { return }
        let ridge = peak / bytesPerSecond
        let least = points.reduce(ridge) { min($0, $1.x) } / 4
        let greatest = points.reduce(ridge) { max($0, $1.x) } * 4
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
        for (point, side) in zip(points, RooflineMarks.sides(of: points.map { ($0.x, $0.y) })) {
            rows.append([
                ("part", "point"), ("pipes", .text(pipes)), ("name", .text(names[point.number])),
                ("number", .text(String(point.number + 1))), ("side", .text(side.rawValue)),
                ("operations_per_byte", .number(point.x)), ("operations_per_second", .number(point.y)),
            ])
        }
    }

    private static func names(of kernels: [KernelTotals]) -> [String] { RooflineMarks.numbered(kernels.map(\.kernel)) }

    private static func layers(names: [String]) -> JSONValue {
        let channels = RooflineMarks.channels(
            x: "operations_per_byte", xTitle: "operations per HBM byte", y: "operations_per_second",
            yTitle: "operations per second")
        return .array(
            [
                RooflineMarks.layer(
                    "roof", mark: ["type": "line", "color": "#888888", "clip": true], channels: channels),
                RooflineMarks.layer(
                    "ridge", mark: ["type": "text", "align": "right", "dy": -8, "fontSize": 10, "color": "#555555"],
                    channels: channels, more: [("text", ["field": "label"])]),
            ] + RooflineMarks.points(names, channels: channels))
    }
}
