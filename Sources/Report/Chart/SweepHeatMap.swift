import Studies

/// A column of a sweep over two axes as coloured cells. There is a panel for each launch and for each value of further
/// axes.
enum SweepHeatMap {
    /// The greatest number of cells that show their values. With more cells a legend explains the colours.
    private static let labelled = 200

    /// - Precondition: two axes.
    static func specification(of table: SweepTable) -> ChartSpecification {
        let others = 2..<table.axes.count
        let unit = ChartUnit(column: table.metric)
        let isOfLaunches = table.launches.count > 1
        let launches: [String?] = isOfLaunches ? table.launches : [nil]
        let texts: [String?] = others.isEmpty ? [nil] : SweepChart.labels(others, in: table)
        func panel(_ launch: String?, _ others: String?) -> String {
            [isOfLaunches ? launch : nil, others].compactMap { $0 }.joined(separator: ", ")
        }
        let ranges = ranges(of: table, isOfLaunches: isOfLaunches)
        let rows = table.entries.map { entry -> ChartSpecification.Row in
            let text = others.isEmpty ? nil : SweepChart.label(others, of: entry, in: table)
            let (least, greatest) = ranges[isOfLaunches ? entry.launch ?? "" : ""] ?? (0, 1)
            let share = greatest > least ? (entry.value - least) / (greatest - least) : 0
            return SweepChart.members(of: entry, in: table) + [
                ("panel", .text(panel(entry.launch, text))), ("label", .text(unit.text(entry.value))),
                ("colour_share", .number(share)),
            ]
        }
        let single = members(table, unit: unit)
        let panels = launches.flatMap { launch in texts.map { panel(launch, $0) } }
        return ChartSpecification(
            title: SweepChart.title(of: table),
            subtitle: SweepChart.subtitle(of: table)
                + (isOfLaunches ? "; colours from each launch's least to its greatest" : ""),
            rows: rows,
            members: panels.count > 1
                ? [("spec", .object(single))] + SweepPanels.members("panel", labels: panels) : single)
    }

    /// The least and the greatest value. With several launches each launch has its own range, since launches differ by
    /// orders of magnitude.
    private static func ranges(of table: SweepTable, isOfLaunches: Bool) -> [String: (least: Double, greatest: Double)]
    {
        var ranges: [String: (least: Double, greatest: Double)] = [:]
        for entry in table.entries {
            let known = ranges[isOfLaunches ? entry.launch ?? "" : ""] ?? (entry.value, entry.value)
            ranges[isOfLaunches ? entry.launch ?? "" : ""] = (
                min(known.least, entry.value), max(known.greatest, entry.value)
            )
        }
        return ranges
    }

    private static func members(_ table: SweepTable, unit: ChartUnit) -> [(key: String, value: JSONValue)] {
        let showsLabels = table.axes[0].values.count * table.axes[1].values.count <= labelled
        let isOfLaunches = table.launches.count > 1
        let values = table.entries.map(\.value)
        let title = ChartUnit.title(ofColumn: table.metric)
        // If each cell shows its value, or each panel has its own range, a legend would add nothing.
        let color: JSONValue =
            showsLabels || isOfLaunches
            ? [
                "field": "colour_share", "type": "quantitative", "scale": ["scheme": "blues", "domain": [0, 1]],
                "legend": nil,
            ]
            : [
                "field": SweepChart.field(table.metric), "type": "quantitative", "title": .text(title),
                "scale": ["scheme": "blues", "zero": false],
                "legend": [
                    "orient": "bottom", "gradientLength": 240, "labelExpr": .text(unit.labels(upTo: values.max() ?? 1)),
                ],
            ]
        let tooltip: JSONValue = .array(
            (table.axes.map(\.name) + (table.launches.isEmpty ? [] : ["launch"])).map { name in
                ["field": SweepChart.field(name), "title": .text(name)]
            } + [["field": "label", "title": .text(title)]])
        let cells: JSONValue = [
            "mark": ["type": "rect", "stroke": "white"], "encoding": ["color": color, "tooltip": tooltip],
        ]
        let labels: JSONValue = [
            "mark": ["type": "text", "fontSize": 9],
            "encoding": [
                "text": ["field": "label"],
                "color": ["condition": ["test": "datum.colour_share > 0.55", "value": "white"], "value": "#333333"],
            ],
        ]
        return [
            ("width", ["step": showsLabels ? 54 : 14]), ("height", ["step": showsLabels ? 26 : 14]),
            ("encoding", ["x": axis(table.axes[0]), "y": axis(table.axes[1], isVertical: true)]),
            ("layer", showsLabels ? [cells, labels] : [cells]),
        ]
    }

    /// An axis of cells in a row. The least number is at the left or at the bottom.
    private static func axis(_ axis: SweepTable.Axis, isVertical: Bool = false) -> JSONValue {
        let numbers = axis.values.compactMap(\.number)
        let unit = ChartUnit(axis: axis)
        var labels: [(key: String, value: JSONValue)] = [
            ("labelAngle", isVertical || axis.values.count < 12 ? 0 : -45), ("labelOverlap", true),
        ]
        if axis.isNumeric { labels.append(("labelExpr", .text(unit.labels(upTo: numbers.last ?? 1)))) }
        return [
            "field": SweepChart.field(axis.name), "type": "ordinal", "title": .text(axis.name + unit.suffix),
            "sort": SweepChart.order(of: axis, isDescending: isVertical), "axis": .object(labels),
        ]
    }
}
