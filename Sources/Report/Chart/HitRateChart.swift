import Runs

/// Hit rates of each launch in the L1s and in the L2, as bars side by side.
enum HitRateChart {
    static func specification(of run: RunResult) -> ChartSpecification {
        var rows: [ChartSpecification.Row] = []
        for (name, result) in zip(RunChart.names(of: run), run.launches) {
            for (level, percent) in [("L1", result.counters.l1HitPercent), ("L2", result.counters.l2HitPercent)] {
                rows.append([("launch", .text(name)), ("level", .text(level)), ("hit_pct", .number(percent))])
            }
        }
        let encoding: JSONValue = [
            "y": ["field": "launch", "type": "nominal", "sort": nil, "title": nil],
            "yOffset": ["field": "level", "type": "nominal"],
            "x": [
                "field": "hit_pct", "type": "quantitative", "scale": ["domain": [0, 100]],
                "title": "hit rate (% of the level's sectors)",
            ],
            "color": ["field": "level", "type": "nominal", "title": nil, "scale": ["range": ["#4c78a8", "#f58518"]]],
        ]
        let label: JSONValue = [
            "mark": ["type": "text", "align": "left", "dx": 3, "fontSize": 9],
            "encoding": ["text": ["field": "hit_pct", "format": ".1f"], "color": ["value": "#333333"]],
        ]
        return ChartSpecification(
            title: "Hit rates", subtitle: RunChart.subtitle(of: run), rows: rows,
            members: [
                ("width", 480), ("height", ["step": 13]), ("encoding", encoding),
                ("layer", [["mark": ["type": "bar", "tooltip": true]], label]),
            ])
    }
}
