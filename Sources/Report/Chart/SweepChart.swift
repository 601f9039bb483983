import Studies

/// The charts of a sweep's results.
package enum SweepChart: String, ChartKind {
    case lines
    case heatMap = "heatmap"

    package func specification(of table: SweepTable) -> ChartSpecification {
        switch self {
        case .lines: SweepLineChart.specification(of: table)
        case .heatMap: SweepHeatMap.specification(of: table)
        }
    }

    /// The drawn column and the settings over which it is drawn.
    static func title(of table: SweepTable) -> String {
        let names = table.axes.map(\.name)
        let rest = names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " : ""
        return ChartUnit.title(ofColumn: table.metric) + " over " + rest + names[names.count - 1]
    }

    /// The machines, and the numbers of points that the chart has and leaves out.
    static func subtitle(of table: SweepTable) -> String {
        var parts = table.machines.count < 4 ? table.machines : ["\(table.machines.count) machines"]
        if table.launches.count == 1 { parts.append(table.launches[0]) }
        parts.append(table.finishedCount == 1 ? "1 point" : "\(table.finishedCount) points")
        if table.failedCount > 0 { parts.append("\(table.failedCount) failed and left out") }
        if table.incompleteCount > 0 { parts.append("\(table.incompleteCount) without a value here and left out") }
        return parts.joined(separator: ", ")
    }

    /// The members of a row: the value of every axis, the launch if the column is one of launches, and the column.
    static func members(of entry: SweepTable.Entry, in table: SweepTable) -> ChartSpecification.Row {
        var row: ChartSpecification.Row = zip(table.axes, entry.places).map { axis, place in
            (axis.name, axis.isNumeric ? .number(axis.values[place].number ?? 0) : .text(axis.values[place].text))
        }
        if let launch = entry.launch { row.append(("launch", .text(launch))) }
        return row + [(table.metric, .number(entry.value))]
    }

    /// The entry's values of some axes as a text, such as `batch=1, cache=cold`.
    static func label(_ axes: Range<Int>, of entry: SweepTable.Entry, in table: SweepTable) -> String {
        axes.map { "\(table.axes[$0].name)=\(table.axes[$0].values[entry.places[$0]].text)" }.joined(separator: ", ")
    }

    /// Every label that the entries have for some axes, in the order of the axes' values.
    static func labels(_ axes: Range<Int>, in table: SweepTable) -> [String] {
        var places: [[Int]: String] = [:]
        for entry in table.entries where places[Array(entry.places[axes])] == nil {
            places[Array(entry.places[axes])] = label(axes, of: entry, in: table)
        }
        return places.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    /// The order of an axis's values beside each other: numbers by size, names as in the file.
    static func order(of axis: SweepTable.Axis, isDescending: Bool = false) -> JSONValue {
        if axis.isNumeric { return isDescending ? "descending" : "ascending" }
        // Vega-Lite finds no listed value of a field whose name has a point. The values of such fields keep the order
        // of the rows.
        return axis.name.contains(".") ? nil : .array(axis.values.map { .text($0.text) })
    }

    /// A column's name as a field of a specification. It escapes points, since these stand for members of members.
    static func field(_ name: String) -> JSONValue { .text(name.replacing(".", with: "\\.")) }
}
