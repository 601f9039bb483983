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
    /// What the estimates are worth; nil where all lines are counted.
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

    /// Whether the misses are known, be it by an estimate: false where there are accesses and the sample took none.
    package var isKnown: Bool { accesses == 0 || !(sample?.isEmpty ?? false) }

    /// Whether the sample is too small to say how far off the misses at a point may be.
    package func isTooSmall(_ point: Int) -> Bool { accesses > 0 && sample != nil && standardError(point) == nil }

    /// Misses by accesses at a point; 0 where there is no access.
    package func missRatio(_ point: Int) -> Double {
        accesses == 0 ? 0 : Double(misses[point]) / Double(accesses)
    }

    /// Standard error of the miss ratio at a point; nil where all lines are counted, where there is no access, and
    /// where the sample is too small to know it.
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
