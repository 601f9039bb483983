import Validation

/// The charts of time lines, measured beside predicted.
package enum ComparisonChart: String, ChartKind {
    case lifetimes

    package func specification(of comparison: LifetimeComparison) -> ChartSpecification {
        LifetimeComparisonChart.specification(of: comparison)
    }
}

/// Lifetimes of the blocks of each launch, measured above predicted, from the 10 % to the 90 % quantile with the
/// median.
enum LifetimeComparisonChart {
    static func specification(of comparison: LifetimeComparison) -> ChartSpecification {
        var rows: [ChartSpecification.Row] = []
        for launch in comparison.launches {
            for (side, statistics) in [("measured", launch.measured), ("predicted", launch.predicted)] {
                rows.append([
                    ("launch", .text("\(launch.shapeName) \(launch.order) \(launch.kernel)")), ("side", .text(side)),
                    ("p10_cycles", .number(statistics.lifetimeP10Cycles)),
                    ("p50_cycles", .number(statistics.lifetimeP50Cycles)),
                    ("p90_cycles", .number(statistics.lifetimeP90Cycles)),
                ])
            }
        }
        let sides: JSONValue = ["measured", "predicted"]
        let encoding: JSONValue = [
            "y": ["field": "launch", "type": "nominal", "sort": nil, "title": nil],
            "yOffset": ["field": "side", "type": "nominal", "scale": ["domain": sides]],
            "color": [
                "field": "side", "type": "nominal", "title": nil,
                "scale": ["domain": sides, "range": ["#333333", "#f58518"]],
            ],
        ]
        let cycles: JSONValue = [
            "field": "p10_cycles", "type": "quantitative", "scale": ["type": "log", "nice": false, "padding": 10],
            "title": "lifetime of a block (cycles)", "axis": ["format": "~s", "tickCount": 8, "labelOverlap": true],
        ]
        let median: JSONValue = ["field": "p50_cycles", "type": "quantitative"]
        return ChartSpecification(
            title: "Lifetimes of thread blocks",
            subtitle: "10 % to 90 % quantile and median; \(comparison.machine.gpu.name), caches empty",
            rows: rows,
            members: [
                ("width", 480), ("height", ["step": 10]), ("encoding", encoding),
                (
                    "layer",
                    [
                        [
                            "mark": ["type": "rule", "strokeWidth": 3],
                            "encoding": ["x": cycles, "x2": ["field": "p90_cycles"]],
                        ],
                        [
                            "mark": ["type": "point", "filled": true, "size": 45, "opacity": 1, "tooltip": true],
                            "encoding": ["x": median],
                        ],
                    ]
                ),
            ])
    }
}
