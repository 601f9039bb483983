import Operators
import Runs

/// The time of training steps by kind of work: a bar a step, stacked to its whole time.
enum BreakdownChart {
    /// The least share in percent that has its number in the bar.
    private static let labelled = 3.5

    static func specification(of steps: [StepProfile]) -> ChartSpecification {
        var rows: [ChartSpecification.Row] = []
        var present: Set<OperatorCategory> = []
        for step in steps {
            var end = 0.0
            for (category, sums) in step.categories {
                let share = step.total.nanoseconds > 0 ? 100 * sums.nanoseconds / step.total.nanoseconds : 0
                present.insert(category)
                rows.append([
                    ("step", .text(step.label)), ("category", .text(category.rawValue)),
                    ("duration_us", .number(sums.nanoseconds / 1000)), ("launches", .integer(sums.launches)),
                    ("from_pct", .number(end)), ("to_pct", .number(end + share)),
                    ("middle_pct", .number(end + share / 2)), ("share_pct", .number(share)),
                    ("label", .text(share < labelled ? "" : Quantity.fixed(share, digits: share < 10 ? 1 : 0))),
                    ("ink", .text(style(of: category).ink)),
                ])
                end += share
            }
            rows.append([
                ("step", .text(step.label)), ("whole", .text(Quantity.nanoseconds(step.total.nanoseconds))),
            ])
        }
        let shown = OperatorCategory.allCases.filter(present.contains)
        return ChartSpecification(
            title: "Time of a training step by kind of work",
            subtitle: StepChart.subtitle(of: steps) + "; numbers are percent, behind the bar is the step's time",
            rows: rows,
            members: [
                ("width", 560), ("height", ["step": 34]),
                ("encoding", ["y": ["field": "step", "type": "nominal", "sort": nil, "title": nil]]),
                ("layer", [bars(of: shown), numbers, whole]),
            ])
    }

    private static func bars(of categories: [OperatorCategory]) -> JSONValue {
        [
            "transform": [["filter": "isValid(datum.category)"]],
            "mark": ["type": "bar", "tooltip": true, "stroke": "white", "strokeWidth": 0.5],
            "encoding": [
                "x": [
                    "field": "from_pct", "type": "quantitative", "scale": ["domain": [0, 100]],
                    "title": "share of the step's time (%)",
                ],
                "x2": ["field": "to_pct"],
                "color": [
                    "field": "category", "type": "nominal", "title": nil,
                    "scale": [
                        "domain": .array(categories.map { .text($0.rawValue) }),
                        "range": .array(categories.map { .text(style(of: $0).color) }),
                    ],
                    "legend": ["orient": "bottom", "columns": 6, "symbolType": "square"],
                ],
                "tooltip": [
                    ["field": "step"], ["field": "category"], ["field": "share_pct", "format": ".2f"],
                    ["field": "duration_us", "format": ",.1f"], ["field": "launches"],
                ],
            ],
        ]
    }

    private static var numbers: JSONValue {
        [
            "transform": [["filter": "isValid(datum.category)"]],
            "mark": ["type": "text", "fontSize": 10],
            "encoding": [
                "x": ["field": "middle_pct", "type": "quantitative"], "text": ["field": "label"],
                "color": ["condition": ["test": "datum.ink === 'dark'", "value": "#222222"], "value": "white"],
            ],
        ]
    }

    private static var whole: JSONValue {
        [
            "transform": [["filter": "isValid(datum.whole)"]],
            "mark": ["type": "text", "align": "left", "dx": 6, "fontSize": 10],
            "encoding": ["x": ["datum": 100, "type": "quantitative"], "text": ["field": "whole"]],
        ]
    }

    /// A kind of work has one colour in all charts. `ink` is that of the number on it.
    private static func style(of category: OperatorCategory) -> (color: String, ink: String) {
        switch category {
        case .gemm: ("#3b6ea5", "light")
        case .ssm: ("#e8833a", "dark")
        case .conv1d: ("#f5c77e", "dark")
        case .conv2d: ("#6a4c93", "light")
        case .attention: ("#c8393b", "light")
        case .elementwise: ("#4f9d4a", "light")
        case .norm: ("#6fc1bd", "dark")
        case .reduce: ("#8c5a3c", "light")
        case .softmaxLoss: ("#f49ac1", "dark")
        case .gatherScatter: ("#b5d56a", "dark")
        case .optimizer: ("#6d6d6d", "light")
        case .other: ("#cfcfcf", "dark")
        }
    }
}
