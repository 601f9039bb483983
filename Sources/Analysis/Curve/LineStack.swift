import Trace

/// Lines by age, for LRU caches of many capacities at once.
protocol LineStack: ~Copyable {
    /// Looks a request's line up and makes it the youngest.
    mutating func touch(_ request: LineRequest, tensor: Int, counts: inout DistanceCounts)

    /// Performs a store that leaves the ages of lines alone: it hits where its line is, and sectors that it covers
    /// wholly become valid there. Where the line is not, it comes in with those sectors if the store allocates.
    /// - Returns: nil, or where caches part ways the number of lines up to which they lack the line; then nothing was
    ///   done.
    mutating func store(_ request: LineRequest, _ rule: StoreRule, tensor: Int, counts: inout DistanceCounts) -> UInt32?

    mutating func removeAll()

    func copy() -> Self

    /// The most bytes that are held while so many further lines are touched.
    func byteCount(afterFurther lines: Int) -> Int
}

/// What a store does to the caches of a stack.
struct StoreRule {
    /// Whether a line that is missing comes in.
    var allocates: Bool
    let steps: CapacitySteps
    /// The numbers of lines of the stack's caches.
    var low: UInt32 = 0
    var high = UInt32.max
}
