import Trace

/// Picks the requests of sampled lines, and notes how often all lines are accessed.
struct LineSample {
    private let threshold: UInt64
    private let seed: UInt64
    private(set) var requests: [LineRequest] = []
    /// The group of lines of each of `requests`.
    private(set) var groups: [Int] = []

    init(_ sampling: CurveSampling) {
        threshold = UInt64(sampling.rate * 0x1p64)
        seed = Self.mix(sampling.seed &+ 0x9e37_79b9_7f4a_7c15)
    }

    /// - Parameter slot: the slot of the accesses in `spread`.
    mutating func take(from all: [LineRequest], slot: Int, spread: SpreadCounts) {
        requests.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        for request in all {
            let hash = Self.mix(request.line ^ seed)
            spread.weigh(request.sectors.nonzeroBitCount, hash: hash, slot: slot)
            guard hash < threshold else { continue }
            requests.append(request)
            groups.append(Int(truncatingIfNeeded: hash) & (SpreadCounts.groupCount &- 1))
        }
    }

    /// Finalizer of a 64-bit hash.
    @inline(__always)
    private static func mix(_ key: UInt64) -> UInt64 {
        var mixed = (key ^ (key &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed &>> 31)
    }
}
