/// What a sample of lines says about misses besides their number: how far it can be trusted at each point.
package struct SampledMisses: Equatable, Sendable {
    /// Lines of equal weight that a sample must be expected to hold, at the least, for an error to be claimed.
    package static let leastLines = 10.0
    /// How many times as uneven as its own lines all lines may be accessed.
    private static let mostUneven = 4.0
    /// Errors are widened by this factor: what a sample has too much of, it has too much of at many points at once.
    private static let margin = 1.25

    private let rate: Double
    /// Accesses of sampled lines, by group of lines; empty where groups were not counted.
    private var accesses: [Double]
    /// Misses of sampled lines: points, then groups.
    private var misses: [[Double]]
    /// The sketch of the accesses of all lines.
    private var cells: [Int64]
    /// By how much misses may be off because a sample knows distances, and so capacities, only so well.
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

    /// Whether none of the lines was taken.
    package var isEmpty: Bool { !accesses.isEmpty && accesses.allSatisfy { $0 == 0 } }

    /// As how many lines, all accessed equally often, the lines weigh that can miss at a point.
    /// - Parameter total: accesses of all lines.
    package func equalLines(point: Int, of total: UInt64) -> Double {
        Double(total) * Double(total) / squares(point: point, total: Double(total))
    }

    /// Standard error of the miss ratio at a point; nil where the sample is too small to know it.
    /// - Parameter total: accesses of all lines.
    func standardError(point: Int, of total: UInt64) -> Double? {
        let total = Double(total)
        guard total > 0, !isEmpty, !accesses.isEmpty else { return nil }
        let all = squares(point: point, total: total)
        let expected = rate * total * total / all
        guard expected >= Self.leastLines else { return nil }
        let unevenness = all * rate / Self.scatter(accesses)
        guard unevenness <= Self.mostUneven else { return nil }
        // The lines chosen, one line more or less, and the blur.
        let chosen = (1 - rate) / (rate * rate) * Self.scatter(misses[point]) * max(1, unevenness) / (total * total)
        let oneLine = (1 - rate) / (expected * expected)
        let smear = blur[point] / total
        return Self.margin * (chosen + oneLine + smear * smear).squareRoot()
    }

    /// The sum over lines of the squares of the accesses that can miss.
    private func squares(point: Int, total: Double) -> Double {
        let sketched = cells.reduce(0) { $0 + Double($1) * Double($1) }
        return max(min(max(sketched, total), lineMisses[point] * total), .leastNonzeroMagnitude)
    }

    /// What the sum of squares over sampled lines is expected to be, given the sums of groups.
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
