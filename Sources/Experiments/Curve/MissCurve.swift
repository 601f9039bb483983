/// A capacity of which misses are known.
package struct CurvePoint: Equatable, Sendable {
    package let capacityBytes: UInt64
    /// Nil where the cache is fully associative.
    package let sets: Int?
    package let ways: Int?

    package init(capacityBytes: UInt64, sets: Int? = nil, ways: Int? = nil) {
        self.capacityBytes = capacityBytes
        self.sets = sets
        self.ways = ways
    }
}

/// Accesses to one tensor, or to all, and their misses at each of a launch's points.
package struct MissCurve: Equatable, Sendable {
    package let name: String
    /// Sectors or lines asked for.
    package private(set) var accesses: UInt64
    /// Misses that no capacity avoids; an estimate from a sample.
    package private(set) var compulsoryMisses: UInt64
    /// Misses at each point; of a sample estimates.
    package private(set) var misses: [UInt64]
    /// What each part of a sample alone makes of the misses: parts, then points. Empty where all lines are counted.
    package private(set) var partMisses: [[Double]]
    /// By how much the misses may be off because a sample knows distances, and so capacities, only so well. Empty where all
    /// lines are counted.
    package private(set) var blurMisses: [Double]

    package init(
        name: String, accesses: UInt64, compulsoryMisses: UInt64, misses: [UInt64], partMisses: [[Double]] = [],
        blurMisses: [Double] = []
    ) {
        self.name = name
        self.accesses = accesses
        self.compulsoryMisses = compulsoryMisses
        self.misses = misses
        self.partMisses = partMisses
        self.blurMisses = blurMisses
    }

    /// Misses by accesses at a point; 0 where there is no access.
    package func missRatio(_ point: Int) -> Double {
        accesses == 0 ? 0 : Double(misses[point]) / Double(accesses)
    }

    /// Standard error of the miss ratio at a point; nil where all lines are counted. Two errors, added as squares: the standard
    /// deviation of the parts' ratios divided by the root of their number, which tells how much depends on the lines chosen; and
    /// the blur, which the parts share and which matters where the curve is steep.
    package func standardError(_ point: Int) -> Double? {
        guard partMisses.count > 1 else { return nil }
        guard accesses > 0 else { return 0 }
        let ratios = partMisses.map { $0[point] / Double(accesses) }
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count - 1)
        let blur = blurMisses[point] / Double(accesses)
        return (variance / Double(ratios.count) + blur * blur).squareRoot()
    }

    /// Adds a curve over the same points.
    package mutating func add(_ other: MissCurve) {
        accesses += other.accesses
        compulsoryMisses += other.compulsoryMisses
        for point in misses.indices { misses[point] += other.misses[point] }
        for point in blurMisses.indices { blurMisses[point] += other.blurMisses[point] }
        for part in partMisses.indices {
            for point in partMisses[part].indices { partMisses[part][point] += other.partMisses[part][point] }
        }
    }

    /// Keeps the first points only.
    mutating func keep(points: Int) {
        misses = Array(misses.prefix(points))
        blurMisses = Array(blurMisses.prefix(points))
        partMisses = partMisses.map { Array($0.prefix(points)) }
    }
}
