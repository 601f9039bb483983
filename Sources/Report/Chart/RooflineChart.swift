import Foundation
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
                ("spec", ["width": 430, "height": 360, "layer": layers(kernels: names(of: kernels))]),
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
        var points: [(number: Int, intensity: Double, rate: Double)] = []
        for (number, totals) in kernels.enumerated() {
            let count = Double(totals.counters[keyPath: operations])
            guard count > 0, totals.hbmBytes > 0 else { continue }
            points.append((number, count / Double(totals.hbmBytes), count / (totals.nanoseconds * 1e-9)))
        }
        guard peak.isFinite, !points.isEmpty else { return }
        let ridge = peak / bytesPerSecond
        let least = points.reduce(ridge) { min($0, $1.intensity) } / 4
        let greatest = points.reduce(ridge) { max($0, $1.intensity) } * 4
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
        let places = points.map { (x: log($0.intensity), y: log($0.rate)) }
        for (index, point) in points.enumerated() {
            rows.append([
                ("part", "kernel"), ("pipes", .text(pipes)), ("kernel", .text(names[point.number])),
                ("number", .text(String(point.number + 1))), ("side", .text(side(of: index, among: places).rawValue)),
                ("operations_per_byte", .number(point.intensity)), ("operations_per_second", .number(point.rate)),
            ])
        }
    }

    /// The side of a point on which its number stands.
    private enum Side: String, CaseIterable {
        case right, left, above, below
    }

    /// The side away from the nearest other point.
    private static func side(of index: Int, among places: [(x: Double, y: Double)]) -> Side {
        let own = places[index]
        let offsets = places.indices.filter { $0 != index }.map { (x: places[$0].x - own.x, y: places[$0].y - own.y) }
        guard let nearest = offsets.min(by: { $0.x * $0.x + $0.y * $0.y < $1.x * $1.x + $1.y * $1.y }) else {
            return .right
        }
        if abs(nearest.x) >= abs(nearest.y) { return nearest.x > 0 ? .left : .right }
        return nearest.y > 0 ? .below : .above
    }

    /// The names of kernels, with the numbers that stand beside their points.
    private static func names(of kernels: [KernelTotals]) -> [String] {
        kernels.enumerated().map { "\($0 + 1) \($1.kernel)" }
    }

    private static func layers(kernels: [String]) -> JSONValue {
        let x: JSONValue = [
            "field": "operations_per_byte", "type": "quantitative", "scale": ["type": "log", "nice": false],
            "title": "operations per HBM byte",
            "axis": ["format": "~g", "tickCount": 6, "labelOverlap": true, "gridOpacity": 0.4],
        ]
        let y: JSONValue = [
            "field": "operations_per_second", "type": "quantitative", "scale": ["type": "log"],
            "title": "operations per second",
            "axis": ["format": "~s", "tickCount": 6, "labelOverlap": true, "gridOpacity": 0.4],
        ]
        func layer(
            _ part: String, and condition: String = "", mark: JSONValue, more: [(key: String, value: JSONValue)] = []
        ) -> JSONValue {
            [
                "transform": [["filter": .text("datum.part == '\(part)'" + condition)]], "mark": mark,
                "encoding": .object([("x", x), ("y", y)] + more),
            ]
        }
        let number: (key: String, value: JSONValue) = ("text", ["field": "number"])
        let color: (key: String, value: JSONValue) = (
            "color",
            [
                "field": "kernel", "type": "nominal", "title": nil,
                "scale": ["domain": .array(kernels.map(JSONValue.text)), "scheme": "tableau20"],
            ]
        )
        let numbers = Side.allCases.map { side in
            let offset: (align: String, dx: Int, dy: Int) =
                switch side {
                case .right: ("left", 7, 0)
                case .left: ("right", -7, 0)
                case .above: ("center", 0, -10)
                case .below: ("center", 0, 11)
                }
            return layer(
                "kernel", and: " && datum.side == '\(side.rawValue)'",
                mark: [
                    "type": "text", "align": .text(offset.align), "dx": .integer(offset.dx), "dy": .integer(offset.dy),
                    "fontSize": 10,
                ], more: [number])
        }
        let others: [JSONValue] = [
            layer("roof", mark: ["type": "line", "color": "#888888", "clip": true]),
            layer(
                "ridge", mark: ["type": "text", "align": "right", "dy": -8, "fontSize": 10, "color": "#555555"],
                more: [("text", ["field": "label"])]),
            layer(
                "kernel", mark: ["type": "point", "filled": true, "size": 70, "tooltip": true, "opacity": 1],
                more: [color]),
        ]
        return .array(others + numbers)
    }
}
