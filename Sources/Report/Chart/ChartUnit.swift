import Experiments
import Foundation
import Machine

/// What an axis of a chart counts: how its ticks and the values beside marks are written.
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
    /// Things of which there are many, or none of the above with its name.
    case count(String?)

    /// The unit of a column of results, by its name.
    init(column: String) {
        self =
            if column.hasSuffix("_ns") { .nanoseconds } else if column.hasSuffix("_seconds") { .seconds }
            else if column.hasSuffix("_bytes") { .bytes } else if column.hasSuffix("_pct") { .percent } else { .count(nil) }
    }

    /// The unit of what varies.
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

    /// Vega's expression for a tick's label.
    var labels: String {
        switch self {
        case .nanoseconds: "format(datum.value / 1e9, '.4~s') + 's'"
        case .seconds: "format(datum.value, '.4~s') + 's'"
        case .capacity:
            "datum.value >= 1073741824 ? format(datum.value / 1073741824, '.4~r') + ' GiB' : datum.value >= 1048576 ? "
                + "format(datum.value / 1048576, '.4~r') + ' MiB' : datum.value >= 1024 ? "
                + "format(datum.value / 1024, '.4~r') + ' KiB' : datum.value + ' B'"
        case .bytes: "format(datum.value, '.4~s') + 'B'"
        case .bytesPerSecond: "format(datum.value, '.4~s') + 'B/s'"
        case .hertz: "format(datum.value, '.4~s') + 'Hz'"
        case .percent: "datum.value + ' %'"
        case .count: "abs(datum.value) < 10000 ? format(datum.value, ',.4~r') : format(datum.value, '.4~s')"
        }
    }

    /// What stands behind an axis's title, of units that its labels do not show.
    var suffix: String {
        if case .count(let name?) = self { " (\(name))" } else { "" }
    }

    /// A value as text.
    func text(_ value: Double) -> String {
        switch self {
        case .nanoseconds: Quantity.nanoseconds(value)
        case .seconds: Quantity.nanoseconds(value * 1e9)
        case .bytes, .capacity: Quantity.bytes(value)
        case .bytesPerSecond: Quantity.bandwidth(value)
        case .hertz: Quantity.fixed(value / 1e9, digits: 3) + " GHz"
        case .percent: Quantity.percent(value)
        case .count: Self.short(value)
        }
    }

    /// Four digits at most, with the prefixes of thousands.
    private static func short(_ value: Double) -> String {
        let scales: [(least: Double, prefix: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")]
        for (least, prefix) in scales where abs(value) >= least {
            let unit = prefix == "k" ? 1e3 : least
            return String(format: "%.4g", value / unit) + prefix
        }
        return String(format: "%.4g", value)
    }
}
