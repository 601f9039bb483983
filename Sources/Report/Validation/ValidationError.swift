/// The error of one prediction, as `ErrorSummary` counts it.
enum ValidationError {
    /// The error in percent of the measured value, or in points for columns in percent. It is nil for percent of a
    /// measured 0.
    static func signed(column: String, measured: Double, predicted: Double) -> Double? {
        if column.hasSuffix("_pct") { return predicted - measured }
        return measured == 0 ? nil : 100 * (predicted - measured) / measured
    }
}
