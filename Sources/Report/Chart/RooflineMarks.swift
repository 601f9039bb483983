import Foundation

/// What rooflines are drawn with: numbered points under grey roofs, both axes logarithmic.
///
/// A row's `part` says what it is: `roof`, a corner of a roof; `ridge`, its label; `point`, a point with its `name`,
/// its `number` and the `side` on which the number stands.
enum RooflineMarks {
    /// The side of a point on which its number stands.
    enum Side: String, CaseIterable {
        case right, left, above, below

        var offset: (align: String, dx: Int, dy: Int) {
            switch self {
            case .right: ("left", 7, 0)
            case .left: ("right", -7, 0)
            case .above: ("center", 0, -10)
            case .below: ("center", 0, 11)
            }
        }
    }

    /// The side of each point away from the nearest other one.
    static func sides(of points: [(x: Double, y: Double)]) -> [Side] {
        let places = points.map { (x: log($0.x), y: log($0.y)) }
        return places.indices.map { index in
            let own = places[index]
            let offsets = places.indices.filter { $0 != index }
                .map { (x: places[$0].x - own.x, y: places[$0].y - own.y) }
            guard let nearest = offsets.min(by: { $0.x * $0.x + $0.y * $0.y < $1.x * $1.x + $1.y * $1.y }) else {
                return .right
            }
            if abs(nearest.x) >= abs(nearest.y) { return nearest.x > 0 ? .left : .right }
            return nearest.y > 0 ? .below : .above
        }
    }

    /// The axes' channels.
    static func channels(
        x: String, xTitle: String, y: String, yTitle: String, yScale: JSONValue = ["type": "log"]
    ) -> [(key: String, value: JSONValue)] {
        let axis: (String) -> JSONValue = { format in
            ["format": .text(format), "tickCount": 6, "labelOverlap": true, "gridOpacity": 0.4]
        }
        return [
            (
                "x",
                [
                    "field": .text(x), "type": "quantitative", "scale": ["type": "log", "nice": false],
                    "title": .text(xTitle), "axis": axis("~g"),
                ]
            ),
            (
                "y",
                [
                    "field": .text(y), "type": "quantitative", "scale": yScale, "title": .text(yTitle),
                    "axis": axis("~s"),
                ]
            ),
        ]
    }

    /// A layer of the rows of one part.
    static func layer(
        _ part: String, and condition: String = "", mark: JSONValue, channels: [(key: String, value: JSONValue)],
        more: [(key: String, value: JSONValue)] = []
    ) -> JSONValue {
        [
            "transform": [["filter": .text("datum.part == '\(part)'" + condition)]], "mark": mark,
            "encoding": .object(channels + more),
        ]
    }

    /// The points in their colours, and their numbers.
    static func points(_ names: [String], channels: [(key: String, value: JSONValue)]) -> [JSONValue] {
        let color: JSONValue = [
            "field": "name", "type": "nominal", "title": nil,
            "scale": [
                "domain": .array(names.map(JSONValue.text)), "scheme": names.count > 10 ? "tableau20" : "tableau10",
            ],
        ]
        let points = layer(
            "point", mark: ["type": "point", "filled": true, "size": 70, "tooltip": true, "opacity": 1],
            channels: channels, more: [("color", color)])
        return [points]
            + Side.allCases.map { side in
                layer(
                    "point", and: " && datum.side == '\(side.rawValue)'",
                    mark: [
                        "type": "text", "align": .text(side.offset.align), "dx": .integer(side.offset.dx),
                        "dy": .integer(side.offset.dy), "fontSize": 10,
                    ], channels: channels, more: [("text", ["field": "number"])])
            }
    }

    /// Names with the numbers that stand beside their points.
    static func numbered(_ names: [String]) -> [String] { names.enumerated().map { "\($0 + 1) \($1)" } }
}
