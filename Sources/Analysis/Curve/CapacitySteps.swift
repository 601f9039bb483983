/// Where the caches of a stack hold a store's line.
enum StoreFate {
    /// All of them hold it.
    case present
    /// None of them holds it.
    case absent
    /// Only the caches with more lines than this number hold it.
    case divided(UInt32)
}

/// The numbers of lines, or of ways, at which the curve is wanted.
struct CapacitySteps {
    /// The numbers in ascending order; empty for all numbers.
    private let sizes: [UInt32]

    init(_ sizes: [UInt32]) { self.sizes = sizes }

    /// - Parameters:
    ///   - distance: the distance of the store's line. Caches with more lines hold it.
    ///   - low, high: the least and the greatest number of lines of the caches in question.
    @inline(__always)
    func fate(distance: UInt32, low: UInt32, high: UInt32) -> StoreFate {
        if distance < max(low, 1) { return .present }
        if distance >= high { return .absent }
        if sizes.isEmpty { return .divided(distance) }
        var first = 0
        var end = sizes.count
        while first < end {
            let middle = (first &+ end) / 2
            if sizes[middle] <= distance { first = middle &+ 1 } else { end = middle }
        }
        guard first > 0, sizes[first &- 1] >= low else { return .present }
        guard first < sizes.count, sizes[first] <= high else { return .absent }
        return .divided(sizes[first &- 1])
    }
}
