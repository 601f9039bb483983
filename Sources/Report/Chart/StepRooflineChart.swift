import Runs

/// Floating-point operations per second against those per HBM byte of whole training steps, under the roofs of their
/// machines: the memory's bandwidth, the tensor cores and the fp32 pipes.
enum StepRooflineChart {
    /// A roof's peak, with the machine's place among the machines.
    private struct Roof {
        let name: String
        let operationsPerSecond: Double
        let bytesPerSecond: Double
        let machine: Int
        let isHighest: Bool

        /// Pixels from the roof down to its label. Labels of the tensor cores stand above their roof, those of the fp32
        /// pipes below. Machines may have the same roof, so that their labels do not stand in one line.
        var labelOffset: Int { isHighest ? -9 - 12 * machine : 11 + 12 * machine }
        var ridge: Double { operationsPerSecond / bytesPerSecond }
    }

    static func specification(of steps: [StepProfile]) -> ChartSpecification {
        let names = RooflineMarks.numbered(steps.map(\.label))
        let points = steps.enumerated().compactMap { number, step in
            step.total.intensity.map { (number: number, x: $0, y: step.total.operationsPerSecond) }
        }.filter { $0.x > 0 && $0.y > 0 }
        let roofs = roofs(of: steps)
        let places = points.map(\.x) + roofs.map(\.ridge)
        let range = (places.min() ?? 1) / 3...(places.max() ?? 1) * 3
        var rows = rows(of: roofs, over: range)
        for (point, side) in zip(points, RooflineMarks.sides(of: points.map { ($0.x, $0.y) })) {
            rows.append([
                ("part", "point"), ("name", .text(names[point.number])), ("number", .text(String(point.number + 1))),
                ("side", .text(side.rawValue)), ("flop_per_byte", .number(point.x)),
                ("flop_per_second", .number(point.y)),
                ("hbm_use_pct", .number(steps[point.number].roofs.hbmPercent(steps[point.number].total))),
            ])
        }
        let rates = points.map(\.y) + roofs.flatMap { [$0.operationsPerSecond, range.lowerBound * $0.bytesPerSecond] }
        let (least, greatest) = (rates.min() ?? 1, rates.max() ?? 1)
        let channels = RooflineMarks.channels(
            x: "flop_per_byte", xTitle: "FLOP per HBM byte", y: "flop_per_second", yTitle: "FLOP per second",
            // Labels stand above the highest roof, and numbers below the lowest point.
            yScale: [
                "type": "log", "nice": false,
                "domain": [.number(least / 2), .number(3 * greatest)],
            ])
        return ChartSpecification(
            title: "Roofline of training steps",
            subtitle: StepChart.subtitle(of: steps) + "; whole steps, HBM bytes read and written",
            rows: rows,
            members: [
                ("width", 520), ("height", 380),
                (
                    "layer",
                    .array(layers(of: roofs, channels: channels) + RooflineMarks.points(names, channels: channels))
                ),
            ])
    }

    /// The finite roofs of every machine.
    private static func roofs(of steps: [StepProfile]) -> [Roof] {
        var machines: [(name: String, roofs: StepRoofs)] = []
        for step in steps where !machines.contains(where: { $0.name == step.machine && $0.roofs == step.roofs }) {
            machines.append((step.machine, step.roofs))
        }
        return machines.enumerated().flatMap { number, machine in
            let owner = machines.count > 1 ? "\(machine.name), " : ""
            let peaks = [machine.roofs.tensorOperationsPerSecond, machine.roofs.fp32OperationsPerSecond]
            return zip(["tensor cores", "fp32"], peaks).filter(\.1.isFinite).map { name, peak in
                Roof(
                    name: owner + name, operationsPerSecond: peak, bytesPerSecond: machine.roofs.hbmBytesPerSecond,
                    machine: number, isHighest: peak == peaks.max())
            }
        }
    }

    /// The corners of roofs, their ridges and their labels.
    private static func rows(of roofs: [Roof], over range: ClosedRange<Double>) -> [ChartSpecification.Row] {
        roofs.flatMap { roof -> [ChartSpecification.Row] in
            func row(_ part: String, _ intensity: Double) -> ChartSpecification.Row {
                [
                    ("part", .text(part)), ("roof", .text("\(roof.machine + 1) \(roof.name)")),
                    ("flop_per_byte", .number(intensity)),
                    (
                        "flop_per_second",
                        .number(min(roof.operationsPerSecond, intensity * roof.bytesPerSecond))
                    ),
                ]
            }
            let label =
                "\(roof.name): \(Quantity.flop(roof.operationsPerSecond))/s from "
                + "\(Quantity.fixed(roof.ridge, digits: 1)) FLOP/B"
            return [range.lowerBound, roof.ridge, range.upperBound].map { row("roof", $0) }
                + [row("ridge", roof.ridge)]
                + [row("label", range.upperBound) + [("label", .text(label)), ("dy", .integer(roof.labelOffset))]]
        }
    }

    private static func layers(of roofs: [Roof], channels: [(key: String, value: JSONValue)]) -> [JSONValue] {
        let labels = Set(roofs.map(\.labelOffset)).sorted().map { offset in
            RooflineMarks.layer(
                "label", and: " && datum.dy == \(offset)",
                mark: [
                    "type": "text", "align": "right", "dx": -4, "dy": .integer(offset), "fontSize": 10,
                    "color": "#555555",
                ], channels: channels, more: [("text", ["field": "label"])])
        }
        return [
            RooflineMarks.layer(
                "roof", mark: ["type": "line", "color": "#999999", "clip": true], channels: channels,
                more: [("detail", ["field": "roof"])]),
            RooflineMarks.layer(
                "ridge",
                mark: ["type": "point", "shape": "diamond", "color": "#666666", "size": 40, "tooltip": true],
                channels: channels),
        ] + labels
    }
}
