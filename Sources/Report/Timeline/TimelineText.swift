/// Bytes of trace-event JSON, written piece by piece without intermediate values.
struct TimelineText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A text in JSON's quotes.
    mutating func append(quoted text: String) { append(JSONValue.text(text).text) }

    mutating func append(_ number: Int) { append(String(number)) }

    /// A time given in tenths of nanoseconds, written in microseconds.
    mutating func append(tenths: Int) {
        append(tenths / 10_000)
        appendFraction(tenths % 10_000, digits: 4)
    }

    /// A non-negative number with up to three digits after the point.
    mutating func append(_ number: Double) {
        let thousandths = Int((max(0, number) * 1000).rounded())
        append(thousandths / 1000)
        appendFraction(thousandths % 1000, digits: 3)
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func appendFraction(_ fraction: Int, digits: Int) {
        guard fraction > 0 else { return }
        var text = String(fraction)
        text = String(repeating: "0", count: digits - text.count) + text
        while text.last == "0" { text.removeLast() }
        append("." + text)
    }
}
