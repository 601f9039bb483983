/// What a store finds in the caches of a stack.
enum StoreFate {
    /// Its line, in all of them.
    case present
    /// No line, in any of them.
    case absent
    /// Its line in those of more lines than this.
    case divided(UInt32)
}

/// The numbers of lines, or of ways, at which a curve is wanted.
struct CapacitySteps {
    /// Ascending; empty for all.
    private let sizes: [UInt32]

    init(_ sizes: [UInt32]) { self.sizes = sizes }

    /// - Parameters:
    ///   - distance: of the store's line; caches of more lines have it.
    ///   - low, high: the numbers of lines of the caches that are asked about.
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
