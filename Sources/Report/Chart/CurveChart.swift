import Analysis

/// The charts of miss-ratio curves.
package enum CurveChart: String, ChartKind {
    case misses
    case tensors

    package func specification(of result: CurveResult) -> ChartSpecification {
        let several = result.launches.count > 1
        var rows: [ChartSpecification.Row] = []
        for (index, launch) in result.launches.enumerated() {
            let name = (several ? "\(index + 1) " : "") + launch.launch.kernel
            for curve in self == .misses ? [launch.total] : launch.tensors {
                rows += Self.rows(of: curve, launch: launch, name: name, settings: result.settings)
            }
        }
        return ChartSpecification(
            title: "Misses by capacity", subtitle: Self.subtitle(of: result), rows: rows,
            members: self == .misses ? Self.together(of: result) : Self.panels(of: result))
    }

    private static func rows(
        of curve: MissCurve, launch: LaunchCurve, name: String, settings: CurveSettings
    ) -> [ChartSpecification.Row] {
        // A curve over ways is one curve for each number of sets.
        var perSets = false
        if case .waysOfSets(let sets, _) = settings.organization { perSets = sets.count > 1 }
        return launch.points.enumerated().map { index, point in
            let sets = perSets ? point.sets.map { ", \($0) sets" } ?? "" : ""
            let ratio = 100 * curve.missRatio(index)
            // There is no line if the sample took nothing, and no band if the sample is too small for one.
            let known = curve.isKnown
            let error = curve.sample == nil || curve.accesses == 0 ? 0 : curve.standardError(index).map { 200 * $0 }
            return [
                ("launch", .text(name)), ("curve", .text((curve.name == "all" ? name : curve.name) + sets)),
                ("capacity_bytes", .count(point.capacityBytes)), ("miss_pct", known ? .number(ratio) : .null),
                ("low_pct", error.map { .number(max(0, ratio - $0)) } ?? .null),
                ("high_pct", error.map { .number(min(100, ratio + $0)) } ?? .null),
            ]
        }
    }

    private static func subtitle(of result: CurveResult) -> String {
        let settings = result.settings
        let level = settings.level == .l1 ? "L1s of all SMs" : settings.isBehindL1 ? "one L2 behind L1s" : "one L2"
        let ways = settings.organization == .fullyAssociative ? "fully associative LRU" : "LRU in sets"
        let state = settings.cacheMode == .cold ? "empty before each launch" : "kept from launch to launch"
        let small = result.launches.contains { launch in
            ([launch.total] + launch.tensors).contains { curve in
                launch.points.indices.contains { curve.isTooSmall($0) }
            }
        }
        return "\(level), \(ways), \(settings.lineBytes)-byte lines, \(state)"
            + (small ? "; no band: the sample is too small for an error" : "")
    }

    /// Lines, and for a sample a band of two standard errors around them.
    private static func layers(of result: CurveResult) -> JSONValue {
        let x: JSONValue = [
            "field": "capacity_bytes", "type": "quantitative", "scale": ["type": "log", "base": 2, "nice": false],
            "title": "capacity",
            "axis": ["labelExpr": .text(ReuseChart.byteLabels), "labelOverlap": true, "tickCount": 10],
        ]
        let color: JSONValue = [
            "field": "curve", "type": "nominal", "sort": nil, "title": nil, "scale": ["scheme": "tableau20"],
            "legend": ["symbolOpacity": 1],
        ]
        let line: JSONValue = [
            "mark": ["type": "line", "point": ["size": 15], "tooltip": true],
            "encoding": [
                "x": x, "color": color,
                "y": [
                    "field": "miss_pct", "type": "quantitative", "scale": ["domain": [0, 100]],
                    "title": "misses (% of accesses)",
                ],
            ],
        ]
        let band: JSONValue = [
            "mark": ["type": "area", "opacity": 0.2],
            "encoding": [
                "x": x, "color": color, "y": ["field": "low_pct", "type": "quantitative"], "y2": ["field": "high_pct"],
            ],
        ]
        return .array(result.settings.sampling == nil ? [line] : [band, line])
    }

    private static func together(of result: CurveResult) -> [(key: String, value: JSONValue)] {
        [("width", 520), ("height", 300), ("layer", layers(of: result))]
    }

    private static func panels(of result: CurveResult) -> [(key: String, value: JSONValue)] {
        let header: JSONValue = ["title": nil, "labelOrient": "top", "labelAnchor": "start", "labelFontWeight": "bold"]
        return [
            ("facet", ["row": ["field": "launch", "type": "nominal", "sort": nil, "header": header]]),
            ("spec", ["width": 520, "height": 200, "layer": layers(of: result)]),
            ("resolve", ["scale": ["color": "independent"]]),
        ]
    }
}
