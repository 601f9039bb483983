import Runs

/// The uses of each launch's duration, stacked.
enum TimeChart {
    static func specification(of run: RunResult) -> ChartSpecification {
        var rows: [ChartSpecification.Row] = []
        for (name, result) in zip(RunChart.names(of: run), run.launches) {
            for (index, part) in TimeShares(of: result).parts.enumerated() {
                rows.append([
                    ("launch", .text(name)), ("part", .text(part.title)), ("place", .integer(index)),
                    ("duration_us", .number(part.share * result.durationNanoseconds / 1000)),
                ])
            }
        }
        let titles: JSONValue = .array(TimeShares.titles.map { .text($0.title) })
        let encoding: JSONValue = [
            "y": ["field": "launch", "type": "nominal", "sort": nil, "title": nil],
            "x": ["field": "duration_us", "type": "quantitative", "stack": "zero", "title": "time (us)"],
            "color": [
                "field": "part", "type": "nominal", "title": "went to",
                "scale": ["domain": titles, "scheme": "tableau20"],
            ],
            "order": ["field": "place", "type": "quantitative"],
        ]
        return ChartSpecification(
            title: "Where the time went", subtitle: RunChart.subtitle(of: run), rows: rows,
            members: [
                ("width", 480), ("height", ["step": 22]), ("mark", ["type": "bar", "tooltip": true]),
                ("encoding", encoding),
            ])
    }
}
