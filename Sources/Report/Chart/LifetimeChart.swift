import Runs

/// Lifetimes of thread blocks: for each launch, the share of its blocks by lifetime.
enum LifetimeChart {
    /// The number of bars for each power of two.
    private static let barsPerOctave = 8

    static func specification(of run: RunResult) -> ChartSpecification {
        var rows: [ChartSpecification.Row] = []
        for (name, result) in zip(RunChart.names(of: run), run.launches) {
            let microseconds = 1e6 / result.clockHertz
            for bar in result.lifetimes.distribution(perOctave: barsPerOctave) {
                rows.append([
                    ("launch", .text(name)), ("from_us", .number(bar.from * microseconds)),
                    ("to_us", .number(bar.to * microseconds)),
                    ("blocks_pct", .number(100 * Double(bar.blocks) / Double(result.lifetimes.count))),
                    ("blocks", .count(bar.blocks)),
                ])
            }
        }
        let names: JSONValue = .array(RunChart.names(of: run).map(JSONValue.text))
        let header: JSONValue = [
            "title": nil, "labelAngle": 0, "labelAlign": "left", "labelOrient": "left", "labelLimit": 300,
        ]
        let encoding: JSONValue = [
            "x": [
                "field": "from_us", "type": "quantitative", "scale": ["type": "log", "nice": false],
                "title": "lifetime of a block (us)", "axis": ["format": "~g", "tickCount": 8, "labelOverlap": true],
            ],
            "x2": ["field": "to_us"],
            "y": [
                "field": "blocks_pct", "type": "quantitative", "title": nil, "scale": ["zero": true],
                "axis": ["tickCount": 3, "labelExpr": "datum.label + ' %'"],
            ],
            "y2": ["datum": 0],
        ]
        return ChartSpecification(
            title: "Lifetimes of thread blocks",
            subtitle: "share of each launch's blocks; " + RunChart.subtitle(of: run),
            rows: rows,
            members: [
                ("facet", ["row": ["field": "launch", "type": "nominal", "sort": names, "header": header]]),
                ("spacing", 8),
                (
                    "spec",
                    [
                        "width": 480, "height": 56, "mark": ["type": "bar", "tooltip": true, "color": "#4c78a8"],
                        "encoding": encoding,
                    ]
                ),
                ("resolve", ["scale": ["y": "independent"]]),
            ])
    }
}
