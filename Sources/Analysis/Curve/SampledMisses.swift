/// The quality of the misses that a sample of lines gives: how far they can be trusted at each point.
package struct SampledMisses: Equatable, Sendable {
    /// The least number of lines of equal weight that a sample must be expected to hold before an error is given.
    package static let leastLines = 10.0
    /// The greatest unevenness of accesses to all lines, as a multiple of that of the sampled lines.
    private static let mostUneven = 4.0
    /// Errors are widened by this factor. An error of a sample appears at many points at once.
    private static let margin = 1.25

    private let rate: Double
    /// Accesses of sampled lines, by group of lines; empty if groups were not counted.
    private var accesses: [Double]
    /// Misses of sampled lines: points, then groups.
    private var misses: [[Double]]
    /// The sketch of the accesses of all lines.
    private var cells: [Int64]
    /// How far misses may be off because a sample knows distances, and so capacities, only approximately.
    private var blur: [Double]
    /// The most misses that a single line can have.
    private var lineMisses: [Double]

    init(rate: Double, accesses: [Double], misses: [[Double]], cells: [Int64], blur: [Double], lineMisses: [Double]) {
        self.rate = rate
        self.accesses = accesses
        self.misses = misses
        self.cells = cells
        self.blur = blur
        self.lineMisses = lineMisses
    }

    /// Whether the sample took no accessed line.
    package var isEmpty: Bool { !accesses.isEmpty && accesses.allSatisfy { $0 == 0 } }

    /// The number of equally accessed lines that would have the weight of the lines that can miss at a point.
    /// - Parameter total: accesses of all lines.
    package func equalLines(point: Int, of total: UInt64) -> Double {
        Double(total) * Double(total) / squares(point: point, total: Double(total))
    }

    /// Standard error of the miss ratio at a point; nil if the sample is too small.
    /// - Parameter total: accesses of all lines.
    func standardError(point: Int, of total: UInt64) -> Double? {
        let total = Double(total)
        guard total > 0, !isEmpty, !accesses.isEmpty else { return nil }
        let all = squares(point: point, total: total)
        let expected = rate * total * total / all
        guard expected >= Self.leastLines else { return nil }
        let unevenness = all * rate / Self.scatter(accesses)
        guard unevenness <= Self.mostUneven else { return nil }
        // The error has three parts: the choice of lines, one line more or less, and the blur.
        let chosen = (1 - rate) / (rate * rate) * Self.scatter(misses[point]) * max(1, unevenness) / (total * total)
        let oneLine = (1 - rate) / (expected * expected)
        let smear = blur[point] / total
        return Self.margin * (chosen + oneLine + smear * smear).squareRoot()
    }

    /// An estimate of the sum over lines of the squares of the accesses that can miss.
    private func squares(point: Int, total: Double) -> Double {
        let sketched = cells.reduce(0) { $0 + Double($1) * Double($1) }
        return max(min(max(sketched, total), lineMisses[point] * total), .leastNonzeroMagnitude)
    }

    /// The expected sum of squares over sampled lines, from the sums of groups.
    private static func scatter(_ sums: [Double]) -> Double {
        let count = Double(sums.count)
        let mean = sums.reduce(0, +) / count
        return sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * count / (count - 1)
    }

    mutating func add(_ other: SampledMisses) {
        if other.accesses.isEmpty { accesses = [] }
        for group in accesses.indices { accesses[group] += other.accesses[group] }
        for cell in cells.indices { cells[cell] += other.cells[cell] }
        for point in misses.indices {
            for group in misses[point].indices { misses[point][group] += other.misses[point][group] }
            blur[point] += other.blur[point]
            lineMisses[point] += other.lineMisses[point]
        }
    }

    /// Keeps the first points only.
    mutating func keep(points: Int) {
        misses = Array(misses.prefix(points))
        blur = Array(blur.prefix(points))
        lineMisses = Array(lineMisses.prefix(points))
    }
}
