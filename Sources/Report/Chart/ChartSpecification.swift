/// A chart as a Vega-Lite specification with its data inline. One file is complete: it has no path or address to fetch.
package struct ChartSpecification: Sendable {
    /// One row of the chart's data.
    package typealias Row = [(key: String, value: JSONValue)]

    /// The title: what the chart shows.
    package let title: String
    /// The launches, the machine, and the units of values that are not on an axis.
    package let subtitle: String
    package let rows: [Row]
    /// The specification's members besides title and data: marks, encodings and sizes.
    package let members: [(key: String, value: JSONValue)]

    package init(title: String, subtitle: String, rows: [Row], members: [(key: String, value: JSONValue)]) {
        self.title = title
        self.subtitle = subtitle
        self.rows = rows
        self.members = members
    }

    /// The specification with a line end. Equal charts are equal bytes.
    package var text: String {
        let heading: JSONValue = ["text": .text(title), "subtitle": .text(subtitle), "anchor": "start", "offset": 12]
        let config: JSONValue = [
            "axis": ["labelLimit": 400, "titleFontWeight": "normal"], "legend": ["labelLimit": 300, "symbolLimit": 40],
            "view": ["stroke": "#dddddd"],
        ]
        let fixed: [(key: String, value: JSONValue)] = [
            ("$schema", "https://vega.github.io/schema/vega-lite/v5.json"), ("background", "white"), ("padding", 12),
            ("title", heading), ("data", .object([("values", .array(rows.map(JSONValue.object)))])),
        ]
        return JSONValue.object(fixed + members + [("config", config)]).text + "\n"
    }
}
