/// The differences between predictions and measurements of one column, over many launches.
package struct ErrorSummary: Equatable, Sendable {
    /// One column of a launch, measured and predicted.
    package typealias Column = (name: String, measured: Double, predicted: Double)

    package let column: String
    package let launches: Int
    /// Mean of |predicted - measured| / measured in percent. For columns in percent it is the mean |difference| in
    /// points.
    package let meanError: Double
    package let medianError: Double
    package let worstError: Double
    /// Mean signed error in the same unit.
    package let bias: Double
    /// Pearson's correlation of predicted and measured values; 0 with fewer than two launches.
    package let correlation: Double
    /// Whether errors are in points rather than percent.
    package let isInPoints: Bool

    /// Summarizes pairs of (measured, predicted). A pair with a measured 0 counts only in columns of points.
    package init?(column: String, pairs: [(measured: Double, predicted: Double)]) {
        self.column = column
        let points = column.hasSuffix("_pct")
        isInPoints = points
        let usable = points ? pairs : pairs.filter { $0.measured != 0 }
        guard !usable.isEmpty else { return nil }
        launches = usable.count
        let signed = usable.map {
            points ? $0.predicted - $0.measured : 100 * ($0.predicted - $0.measured) / $0.measured
        }
        let absolute = signed.map(abs).sorted()
        let count = Double(usable.count)
        meanError = absolute.reduce(0, +) / count
        medianError = absolute[absolute.count / 2]
        worstError = absolute[absolute.count - 1]
        bias = signed.reduce(0, +) / count
        let meanMeasured = usable.reduce(0) { $0 + $1.measured } / count
        let meanPredicted = usable.reduce(0) { $0 + $1.predicted } / count
        var product = 0.0
        var measuredSquare = 0.0
        var predictedSquare = 0.0
        for pair in usable {
            let a = pair.measured - meanMeasured
            let b = pair.predicted - meanPredicted
            product += a * b
            measuredSquare += a * a
            predictedSquare += b * b
        }
        let scale = (measuredSquare * predictedSquare).squareRoot()
        correlation = scale > 0 ? product / scale : 0
    }

    /// Errors of every column over launches, in the order in which the launches first have them.
    package static func all(of launches: some Sequence<[Column]>) -> [ErrorSummary] {
        var order: [String] = []
        var pairs: [String: [(measured: Double, predicted: Double)]] = [:]
        for column in launches.joined() {
            if pairs[column.name] == nil { order.append(column.name) }
            pairs[column.name, default: []].append((column.measured, column.predicted))
        }
        return order.compactMap { name in ErrorSummary(column: name, pairs: pairs[name] ?? []) }
    }
}
