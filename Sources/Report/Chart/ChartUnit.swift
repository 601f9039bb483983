import Foundation
import Machine
import Studies

/// The unit of an axis of a chart. It decides how ticks and the values beside marks are written.
enum ChartUnit {
    /// Time in nanoseconds.
    case nanoseconds
    case seconds
    /// Capacities, with binary prefixes.
    case capacity
    /// Traffic, with decimal prefixes.
    case bytes
    case bytesPerSecond
    case hertz
    case percent
    /// Any other unit, with its name if it has one.
    case count(String?)

    private static let suffixes: [(suffix: String, unit: ChartUnit)] = [
        ("_ns", .nanoseconds), ("_seconds", .seconds), ("_bytes", .bytes), ("_pct", .percent),
    ]

    /// The unit of a column of results, by its name.
    init(column: String) { self = Self.suffixes.first { column.hasSuffix($0.suffix) }?.unit ?? .count(nil) }

    /// A column's name without the unit. The labels show the unit.
    static func title(ofColumn column: String) -> String {
        let suffix = suffixes.first { column.hasSuffix($0.suffix) }?.suffix ?? ""
        return String(column.dropLast(suffix.count))
    }

    /// The unit of a varied setting.
    init(axis: SweepTable.Axis) {
        self =
            switch axis.unit {
            case .bytes: .capacity
            case .bytesPerSecond: .bytesPerSecond
            case .hertz: .hertz
            case .nanoseconds: .nanoseconds
            case .cycles, .bytesPerCycle: .count(axis.unit?.rawValue)
            default: .count(nil)
            }
    }

    /// The text behind an axis's title, for units that its labels do not show.
    var suffix: String {
        if case .count(let name?) = self { " (\(name))" } else { "" }
    }

    /// The unit with a prefix that suits values up to `greatest`, and its size in base units.
    private func scale(upTo greatest: Double) -> (name: String, factor: Double) {
        let steps: [(name: String, factor: Double)] =
            switch self {
            case .nanoseconds: [("s", 1e9), ("ms", 1e6), ("us", 1e3), ("ns", 1)]
            case .seconds: [("s", 1), ("ms", 1e-3)]
            case .capacity: [("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1024), ("B", 1)]
            case .bytes: [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1)]
            case .bytesPerSecond: [("TB/s", 1e12), ("GB/s", 1e9), ("MB/s", 1e6), ("B/s", 1)]
            case .hertz: [("GHz", 1e9), ("MHz", 1e6), ("Hz", 1)]
            case .percent: [("%", 1)]
            case .count: [("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e4), ("", 1)]
            }
        let step = steps.first { abs(greatest) >= $0.factor } ?? steps[steps.count - 1]
        // Up to ten thousand, thousands are written out.
        return step.name == "k" ? ("k", 1e3) : step
    }

    /// Vega's expression for the labels of ticks up to `greatest`.
    func labels(upTo greatest: Double) -> String {
        let (name, factor) = scale(upTo: greatest)
        let number = "format(datum.value / \(JSONValue.text(of: factor)), ',.4~r')"
        return name.isEmpty ? number : number + " + ' \(name)'"
    }

    /// A value as text.
    func text(_ value: Double) -> String {
        let (name, factor) = scale(upTo: value)
        let scaled = value / factor
        let digits = scaled == scaled.rounded() && factor == 1 ? 0 : abs(scaled) < 10 ? 2 : 1
        return Quantity.fixed(scaled, digits: digits) + (name.isEmpty ? "" : " " + name)
    }
}
