import Trace

/// Lines by age, for LRU caches of many capacities at once.
protocol LineStack: ~Copyable {
    /// Looks up a request's line and makes it the youngest.
    mutating func touch(_ request: LineRequest, tensor: Int, counts: inout DistanceCounts)

    /// Performs a store that leaves the ages of lines unchanged. It hits if its line is there. The sectors that it
    /// covers whole become valid in the line. If the line is missing and the store allocates, the line comes in with
    /// those sectors.
    /// - Returns: nil if all caches do the same. Otherwise the greatest number of lines of the caches that lack the
    ///   line. Nothing is done then.
    mutating func store(_ request: LineRequest, _ rule: StoreRule, tensor: Int, counts: inout DistanceCounts) -> UInt32?

    mutating func removeAll()

    func copy() -> Self

    /// The most bytes that are held while `lines` further lines are touched.
    func byteCount(afterFurther lines: Int) -> Int
}

/// The effect of a store on the caches of a stack.
struct StoreRule {
    /// Whether a missing line comes in.
    var allocates: Bool
    let steps: CapacitySteps
    /// The least and the greatest number of lines of the stack's caches.
    var low: UInt32 = 0
    var high = UInt32.max
}
