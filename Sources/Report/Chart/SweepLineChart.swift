import Studies

/// A column of a sweep over one axis, with a line for each launch or for each value of the other axes.
enum SweepLineChart {
    static func specification(of table: SweepTable) -> ChartSpecification {
        let others = 1..<table.axes.count
        let isOfLaunches = table.launches.count > 1
        let rows = table.entries.map { entry -> ChartSpecification.Row in
            var row = SweepChart.members(of: entry, in: table)
            if !others.isEmpty { row.append(("others", .text(SweepChart.label(others, of: entry, in: table)))) }
            return row
        }
        let lines = isOfLaunches ? table.launches : others.isEmpty ? [] : SweepChart.labels(others, in: table)
        var encoding: [(key: String, value: JSONValue)] = [("x", x(table.axes[0])), ("y", y(of: table))]
        if !lines.isEmpty {
            encoding.append(
                (
                    "color",
                    [
                        "field": isOfLaunches ? "launch" : "others", "type": "nominal", "title": nil,
                        "scale": [
                            "domain": .array(lines.map(JSONValue.text)),
                            "scheme": lines.count > 10 ? "tableau20" : "tableau10",
                        ],
                    ]
                ))
        }
        let mark: JSONValue =
            table.axes[0].isNumeric
            ? ["type": "line", "point": ["size": 30], "tooltip": true]
            : ["type": "point", "filled": true, "size": 60, "opacity": 1, "tooltip": true]
        let single: [(key: String, value: JSONValue)] = [
            ("width", 480), ("height", 300), ("mark", mark), ("encoding", .object(encoding)),
        ]
        guard isOfLaunches, !others.isEmpty else {
            return ChartSpecification(
                title: SweepChart.title(of: table), subtitle: SweepChart.subtitle(of: table), rows: rows,
                members: single)
        }
        return ChartSpecification(
            title: SweepChart.title(of: table), subtitle: SweepChart.subtitle(of: table), rows: rows,
            members: [
                ("spec", .object([("width", 340), ("height", 220)] + single.dropFirst(2)))
            ] + SweepPanels.members("others", labels: SweepChart.labels(others, in: table)))
    }

    private static func x(_ axis: SweepTable.Axis) -> JSONValue {
        guard axis.isNumeric else {
            return [
                "field": SweepChart.field(axis.name), "type": "nominal", "title": .text(axis.name),
                "sort": SweepChart.order(of: axis), "axis": ["labelAngle": 0],
            ]
        }
        let unit = ChartUnit(axis: axis)
        let values = axis.values.compactMap(\.number)
        var ticks: [(key: String, value: JSONValue)] = [
            ("labelExpr", .text(unit.labels(upTo: values.last ?? 1))), ("labelOverlap", true),
        ]
        if values.count <= 12 { ticks.append(("values", .array(values.map(JSONValue.number)))) }
        return [
            "field": SweepChart.field(axis.name), "type": "quantitative", "title": .text(axis.name + unit.suffix),
            "scale": isGeometric(values)
                ? ["type": "log", "base": 2, "nice": false]
                : ["zero": false, "nice": false, "padding": 8],
            "axis": .object(ticks),
        ]
    }

    private static func y(of table: SweepTable) -> JSONValue {
        let labels = ChartUnit(column: table.metric).labels(upTo: table.entries.map(\.value).max() ?? 1)
        return [
            "field": SweepChart.field(table.metric), "type": "quantitative",
            "title": .text(ChartUnit.title(ofColumn: table.metric)), "scale": ["zero": false],
            "axis": ["labelExpr": .text(labels)],
        ]
    }

    /// Whether the ratios of neighbours vary less than their differences.
    static func isGeometric(_ values: [Double]) -> Bool {
        guard values.count > 2, values[0] > 0 else { return false }
        let pairs = zip(values, values.dropFirst())
        let ratios = pairs.map { $1 / $0 }
        let differences = pairs.map { $1 - $0 }
        return (ratios.max() ?? 1) / (ratios.min() ?? 1) < (differences.max() ?? 1) / (differences.min() ?? 1)
    }
}

/// Panels of charts. They repeat over the settings that axes and colours do not show.
enum SweepPanels {
    /// The members of a specification that is drawn once for each label, with two panels beside each other.
    static func members(_ field: String, labels: [String]) -> [(key: String, value: JSONValue)] {
        [
            (
                "facet",
                [
                    "field": .text(field), "type": "nominal", "sort": .array(labels.map(JSONValue.text)),
                    "header": ["title": nil, "labelAnchor": "start", "labelFontWeight": "bold"],
                ]
            ), ("columns", 2),
            // Otherwise the axis below an incomplete row stands alone.
            ("resolve", ["axis": ["x": "independent"]]),
        ]
    }
}
