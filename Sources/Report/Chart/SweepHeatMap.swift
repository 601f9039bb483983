import Experiments

/// A column of a sweep over two axes as coloured cells, a panel for each launch and for each value of further axes.
enum SweepHeatMap {
    /// - Precondition: two axes.
    static func specification(of table: SweepTable) -> ChartSpecification {
        let others = 2..<table.axes.count
        let unit = ChartUnit(column: table.metric)
        let isOfLaunches = table.launches.count > 1
        let hasPanels = isOfLaunches || !others.isEmpty
        func panel(_ launch: String?, _ others: String?) -> String {
            [isOfLaunches ? launch : nil, others].compactMap { $0 }.joined(separator: ", ")
        }
        let rows = table.entries.map { entry -> ChartSpecification.Row in
            var row = SweepChart.members(of: entry, in: table)
            if hasPanels {
                let text = others.isEmpty ? nil : SweepChart.label(others, of: entry, in: table)
                row.append(("panel", .text(panel(entry.launch, text))))
            }
            return row + [("label", .text(unit.text(entry.value)))]
        }
        let cells = table.axes[0].values.count * table.axes[1].values.count
        let single = members(table, unit: unit, showsLabels: cells <= 200)
        var title: String?
        let members: [(key: String, value: JSONValue)]
        if hasPanels {
            let texts: [String?] = others.isEmpty ? [nil] : SweepChart.labels(others, in: table)
            let launches: [String?] = isOfLaunches ? table.launches : [nil]
            if !isOfLaunches, others.count == 1 { title = table.axes[2].name }
            let labels = launches.flatMap { launch in texts.map { panel(launch, $0) } }
            members = [
                SweepPanels.facet("panel", labels: labels, title: title), ("columns", 2), ("spec", .object(single)),
                ("resolve", ["scale": ["color": isOfLaunches ? "independent" : "shared"]]),
            ]
        } else {
            members = single
        }
        return ChartSpecification(
            title: SweepChart.title(of: table), subtitle: SweepChart.subtitle(of: table), rows: rows, members: members)
    }

    private static func members(
        _ table: SweepTable, unit: ChartUnit, showsLabels: Bool
    ) -> [(key: String, value: JSONValue)] {
        let values = table.entries.map(\.value)
        let middle = ((values.min() ?? 0) + (values.max() ?? 0)) / 2
        let color: JSONValue = [
            "field": SweepChart.field(table.metric), "type": "quantitative", "title": .text(table.metric),
            "scale": ["scheme": "blues", "zero": false], "legend": ["labelExpr": .text(unit.labels), "gradientLength": 160],
        ]
        let encoding: JSONValue = ["x": axis(table.axes[0]), "y": axis(table.axes[1], isVertical: true)]
        let cells: JSONValue = [
            "mark": ["type": "rect", "tooltip": true, "stroke": "white"], "encoding": ["color": color],
        ]
        let test = "datum['\(table.metric)'] > \(JSONValue.text(of: middle))"
        let labels: JSONValue = [
            "mark": ["type": "text", "fontSize": 9],
            "encoding": [
                "text": ["field": "label"],
                "color": ["condition": ["test": .text(test), "value": "white"], "value": "#333333"],
            ],
        ]
        return [
            ("width", ["step": showsLabels ? 54 : 14]), ("height", ["step": showsLabels ? 26 : 14]), ("encoding", encoding),
            ("layer", showsLabels ? [cells, labels] : [cells]),
        ]
    }

    /// Places in a row, the least number at the left or at the bottom.
    private static func axis(_ axis: SweepTable.Axis, isVertical: Bool = false) -> JSONValue {
        let values: [JSONValue] = axis.values.map { value in
            axis.isNumeric ? .number(value.number ?? 0) : .text(value.text)
        }
        let unit = ChartUnit(axis: axis)
        var labels: [(key: String, value: JSONValue)] = [("labelAngle", isVertical || values.count < 12 ? 0 : -45)]
        labels.append(("labelOverlap", true))
        if axis.isNumeric { labels.append(("labelExpr", .text(unit.labels))) }
        return [
            "field": SweepChart.field(axis.name), "type": "ordinal", "title": .text(axis.name + unit.suffix),
            "sort": .array(isVertical && axis.isNumeric ? values.reversed() : values), "axis": .object(labels),
        ]
    }
}
