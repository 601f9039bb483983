import Foundation

/// Numbers with units for people: three to four digits and a prefix. JSON and CSV never use these.
package enum Quantity {
    /// A count in groups of three digits: `1,234,567`.
    package static func count(_ value: UInt64) -> String {
        let digits = String(value)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// A count that comes from a measurement or a mean, as the nearest whole number from 0 on. Beyond 2^53 it has a
    /// power of ten.
    package static func wholeCount(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        return value < 0x1p53 ? count(UInt64(max(0, value.rounded()))) : String(format: "%.3e", value)
    }

    /// Bytes with decimal prefixes, as bandwidths have them: `134.2 MB`.
    package static func bytes(_ value: Double) -> String { scaled(value, units: ["B", "kB", "MB", "GB", "TB", "PB"]) }

    /// Bytes per second: `3.61 TB/s`.
    package static func bandwidth(_ value: Double) -> String {
        scaled(value, units: ["B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s"])
    }

    /// Operations per second: `959.6 Top/s`.
    package static func operations(_ value: Double) -> String {
        scaled(value, units: ["op/s", "kop/s", "Mop/s", "Gop/s", "Top/s", "Pop/s"])
    }

    /// Floating-point operations: `4.35 TFLOP`.
    package static func flop(_ value: Double) -> String {
        scaled(value, units: ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"])
    }

    /// A time given in nanoseconds: `158.9 us`.
    package static func nanoseconds(_ value: Double) -> String { scaled(value, units: ["ns", "us", "ms", "s"]) }

    /// A percentage with one digit: `66.7 %`.
    package static func percent(_ value: Double) -> String { fixed(value, digits: 1) + " %" }

    /// A number with a fixed number of digits after the point.
    package static func fixed(_ value: Double, digits: Int) -> String {
        value.isFinite ? String(format: "%.\(digits)f", value) : "-"
    }

    private static func scaled(_ value: Double, units: [String]) -> String {
        guard value.isFinite else { return "-" }
        var value = value
        var unit = 0
        while abs(value) >= 999.95, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        if unit == 0, value == value.rounded() { return "\(Int(value)) \(units[0])" }
        return fixed(value, digits: abs(value) < 10 ? 2 : 1) + " " + units[unit]
    }
}
