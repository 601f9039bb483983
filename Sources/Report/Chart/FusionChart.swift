import Fusion
import Runs

/// The charts of a comparison of launches with a variant of them.
package enum FusionChart: String, ChartKind {
    case comparison

    /// The baseline beside the variant: the uses of the time, and the bytes at each level.
    package func specification(of comparison: FusionComparison) -> ChartSpecification {
        let sides = [("baseline", comparison.baseline), ("variant", comparison.variant)]
        var rows: [ChartSpecification.Row] = []
        for (name, side) in sides {
            for (place, part) in side.parts.enumerated() {
                rows.append([
                    ("panel", "time"), ("side", .text(name)), ("part", .text(part.title)), ("place", .integer(place)),
                    ("duration_us", .number(part.nanoseconds / 1000)),
                ])
            }
        }
        for level in FusionRows.rows(of: comparison) where Self.levels.contains(level.name) {
            for (name, side) in sides {
                rows.append([
                    ("panel", "bytes"), ("side", .text(name)), ("level", .text(level.title)),
                    ("bytes", .number(level.value(side))),
                ])
            }
        }
        let kernels = comparison.baseline.launches.map(\.launch.kernel).joined(separator: ", ")
        return ChartSpecification(
            title: "\(kernels): \(comparison.variantName) beside the launches as they are",
            subtitle:
                "\(Quantity.fixed(comparison.speedup, digits: 2)) times as fast; "
                + "\(comparison.machine.gpu.name), L2 empty at first",
            rows: rows,
            members: [("vconcat", [Self.time, Self.bytes]), ("resolve", ["scale": ["color": "independent"]])])
    }

    /// The rows of the comparison that the chart shows.
    private static let levels = [
        "l2_tex_bytes", "l2_fabric_bytes", "dram_read_bytes", "dram_write_bytes", "intermediate_dram_write_bytes",
        "intermediate_dram_read_bytes", "intermediate_kept_bytes",
    ]

    private static func filter(_ panel: String) -> JSONValue {
        [["filter": ["field": "panel", "equal": .text(panel)]]]
    }

    private static var time: JSONValue {
        let titles: JSONValue = .array(TimeShares.titles.map { .text($0.title) })
        return [
            "transform": filter("time"), "width": 480, "height": ["step": 30],
            "mark": ["type": "bar", "tooltip": true],
            "encoding": [
                "y": ["field": "side", "type": "nominal", "sort": nil, "title": nil],
                "x": ["field": "duration_us", "type": "quantitative", "stack": "zero", "title": "time (us)"],
                "color": [
                    "field": "part", "type": "nominal", "title": "went to",
                    "scale": ["domain": titles, "scheme": "tableau20"],
                    "legend": ["columns": 3],
                ],
                "order": ["field": "place", "type": "quantitative"],
            ],
        ]
    }

    private static var bytes: JSONValue {
        let sides: JSONValue = ["baseline", "variant"]
        return [
            "transform": filter("bytes"), "width": 480, "height": ["step": 14],
            "mark": ["type": "bar", "tooltip": true],
            "encoding": [
                "y": ["field": "level", "type": "nominal", "sort": nil, "title": nil],
                "yOffset": ["field": "side", "type": "nominal", "scale": ["domain": sides]],
                "x": ["field": "bytes", "type": "quantitative", "title": "bytes", "axis": ["format": "~s"]],
                "color": [
                    "field": "side", "type": "nominal", "title": "side",
                    "scale": ["domain": sides, "range": ["#333333", "#f58518"]],
                ],
            ],
        ]
    }
}
