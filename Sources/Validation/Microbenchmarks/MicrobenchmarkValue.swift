/// One quantity of one microbenchmark, measured and predicted.
package struct MicrobenchmarkValue: Equatable, Sendable {
    /// The name, unit last; names that end in `_pct` are in percent.
    package let quantity: String
    package let measured: Double
    package let predicted: Double
    /// The level below which measured values are noise. Such a value gets no error.
    package let noise: Double

    package init(_ quantity: String, measured: Double, predicted: Double, noise: Double = 0) {
        self.quantity = quantity
        self.measured = measured
        self.predicted = predicted
        self.noise = noise
    }

    package var isInPoints: Bool { quantity.hasSuffix("_pct") }

    /// The error in percent of the measured value, or in points for quantities in percent. It is nil if the measured
    /// value drowns in noise or is 0.
    package var error: Double? {
        if isInPoints { return predicted - measured }
        guard measured != 0, measured > noise else { return nil }
        return 100 * (predicted - measured) / measured
    }
}
