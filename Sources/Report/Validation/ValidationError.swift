/// The error of one prediction, as `ErrorSummary` counts it.
enum ValidationError {
    /// Percent of the measured value, points for columns in percent; nil where percent of a measured 0 is asked for.
    static func signed(column: String, measured: Double, predicted: Double) -> Double? {
        if column.hasSuffix("_pct") { return predicted - measured }
        return measured == 0 ? nil : 100 * (predicted - measured) / measured
    }
}
