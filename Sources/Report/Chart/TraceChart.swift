import Analysis

/// The charts of an inspected trace.
package enum TraceChart: String, ChartKind {
    case reuse

    package func specification(of summary: TraceSummary) -> ChartSpecification { ReuseChart.specification(of: summary) }
}

/// The hits that a fully associative LRU cache of each size would have on each launch's line requests in trace order.
/// They are the stack distances, summed from the nearest on.
enum ReuseChart {
    /// Labels of an axis of bytes, with binary prefixes.
    static let byteLabels =
        "datum.value >= 1073741824 ? datum.value / 1073741824 + ' GiB' : datum.value >= 1048576 ? "
        + "datum.value / 1048576 + ' MiB' : datum.value >= 1024 ? datum.value / 1024 + ' KiB' : datum.value + ' B'"

    static func specification(of summary: TraceSummary) -> ChartSpecification {
        let several = summary.launches.count > 1
        var rows: [ChartSpecification.Row] = []
        let largest = summary.launches.compactMap { $0.profile?.reuse.buckets.count }.max() ?? 0
        for (index, launch) in summary.launches.enumerated() {
            guard let reuse = launch.profile?.reuse, reuse.touches > 0 else { continue }
            var hits: UInt64 = 0
            for bucket in 0...max(0, largest) {
                if bucket < reuse.buckets.count { hits += reuse.buckets[bucket] }
                rows.append([
                    ("launch", .text((several ? "\(index + 1) " : "") + launch.launch.kernel)),
                    ("capacity_bytes", .count(Footprint.lineBytes << UInt64(bucket))),
                    ("hit_pct", .number(100 * Double(hits) / Double(reuse.touches))),
                ])
            }
        }
        let encoding: JSONValue = [
            "x": [
                "field": "capacity_bytes", "type": "quantitative", "scale": ["type": "log", "base": 2, "nice": false],
                "title": "capacity of a fully associative LRU cache",
                "axis": ["labelExpr": .text(byteLabels), "labelOverlap": true, "tickCount": 10],
            ],
            "y": [
                "field": "hit_pct", "type": "quantitative", "scale": ["domain": [0, 100]],
                "title": "hits (% of line requests)",
            ],
            "color": [
                "field": "launch", "type": "nominal", "sort": nil, "title": nil, "scale": ["scheme": "tableau20"],
            ],
        ]
        return ChartSpecification(
            title: "Reuse of lines",
            subtitle: "stack distances of 128-byte lines within each launch, blocks in linear order",
            rows: rows,
            members: [
                ("width", 520), ("height", 300),
                ("mark", ["type": "line", "point": ["size": 25], "interpolate": "linear", "tooltip": true]),
                ("encoding", encoding),
            ])
    }
}
