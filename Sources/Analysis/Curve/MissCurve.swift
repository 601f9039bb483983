/// A capacity at which misses are known.
package struct CurvePoint: Equatable, Sendable {
    package let capacityBytes: UInt64
    /// The number of sets; nil if the cache is fully associative.
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
    /// The number of requested sectors or lines.
    package private(set) var accesses: UInt64
    /// Misses that no capacity avoids. With a sample it is an estimate.
    package private(set) var compulsoryMisses: UInt64
    /// Misses at each point. With a sample they are estimates.
    package private(set) var misses: [UInt64]
    /// The quality of the estimates; nil if all lines are counted.
    package internal(set) var sample: SampledMisses?

    package init(
        name: String, accesses: UInt64, compulsoryMisses: UInt64, misses: [UInt64], sample: SampledMisses? = nil
    ) {
        self.name = name
        self.accesses = accesses
        self.compulsoryMisses = compulsoryMisses
        self.misses = misses
        self.sample = sample
    }

    /// Whether the misses are known, at least as an estimate. It is false if there are accesses and the sample took
    /// none of them.
    package var isKnown: Bool { accesses == 0 || !(sample?.isEmpty ?? false) }

    /// Whether the sample is too small to give an error of the misses at a point.
    package func isTooSmall(_ point: Int) -> Bool { accesses > 0 && sample != nil && standardError(point) == nil }

    /// Misses divided by accesses at a point; 0 without accesses.
    package func missRatio(_ point: Int) -> Double {
        accesses == 0 ? 0 : Double(misses[point]) / Double(accesses)
    }

    /// Standard error of the miss ratio at a point. It is nil if all lines are counted, if there are no accesses, or if
    /// the sample is too small.
    package func standardError(_ point: Int) -> Double? { sample?.standardError(point: point, of: accesses) }

    /// Adds a curve over the same points.
    package mutating func add(_ other: MissCurve) {
        accesses += other.accesses
        compulsoryMisses += other.compulsoryMisses
        for point in misses.indices { misses[point] += other.misses[point] }
        if let added = other.sample { sample?.add(added) }
    }

    /// Keeps the first points only.
    mutating func keep(points: Int) {
        misses = Array(misses.prefix(points))
        sample?.keep(points: points)
    }
}
