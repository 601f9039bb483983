import Studies

/// The charts of a search of tilings.
package enum SearchChart: String, ChartKind {
    case ranking

    package func specification(of search: TilingSearch) -> ChartSpecification { RankingChart.specification(of: search) }
}

/// The tilings of each kernel by predicted time. Those that tie with the fastest have another colour.
enum RankingChart {
    private static let tied = "within the model's error of the fastest"
    private static let slower = "slower"

    static func specification(of search: TilingSearch) -> ChartSpecification {
        var rows: [ChartSpecification.Row] = []
        for ranking in search.rankings {
            for (index, candidate) in ranking.candidates.enumerated() {
                rows.append([
                    ("kernel", .text(ranking.kernel)), ("rank", .integer(index + 1)),
                    ("tiling", .text(candidate.tiling.description + (candidate.isDefault ? " (default)" : ""))),
                    ("duration_us", .number(candidate.result.durationNanoseconds / 1000)),
                    ("class", .text(candidate.isTied ? tied : slower)),
                ])
            }
        }
        let encoding: JSONValue = [
            "y": ["field": "tiling", "type": "nominal", "sort": ["field": "rank"], "title": nil],
            "x": [
                "field": "duration_us", "type": "quantitative", "title": "predicted time (us)", "axis": ["grid": false],
            ],
        ]
        let color: JSONValue = [
            "field": "class", "type": "nominal", "title": nil, "legend": ["orient": "bottom"],
            "scale": ["domain": [.text(tied), .text(slower)], "range": ["#4c78a8", "#b8c4d0"]],
        ]
        let label: JSONValue = [
            "mark": ["type": "text", "align": "left", "dx": 3, "fontSize": 10],
            "encoding": ["text": ["field": "duration_us", "format": ".2f"]],
        ]
        let bars: JSONValue = ["mark": ["type": "bar", "tooltip": true], "encoding": ["color": color]]
        let kernels: JSONValue = .array(search.rankings.map { .text($0.kernel) })
        let header: JSONValue = ["title": nil, "labelOrient": "top", "labelAnchor": "start", "labelFontWeight": "bold"]
        return ChartSpecification(
            title: "Tilings by predicted time",
            subtitle: search.machine.gpu.name
                + (search.cacheMode == .cold
                    ? ", caches empty before the launch" : ", L2 as the launches before left it"),
            rows: rows,
            members: [
                ("facet", ["row": ["field": "kernel", "type": "nominal", "sort": kernels, "header": header]]),
                ("spec", ["width": 420, "height": ["step": 18], "encoding": encoding, "layer": [bars, label]]),
                ("resolve", ["scale": ["x": "independent", "y": "independent"]]),
            ])
    }
}
