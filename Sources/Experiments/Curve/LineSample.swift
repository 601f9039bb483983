import Trace

/// Picks the requests of sampled lines: of all of them together, and of each of `CurveSampling.classCount` parts by itself.
struct LineSample {
    private let threshold: UInt64
    private let seed: UInt64
    /// The whole sample, then its parts.
    private(set) var parts: [[LineRequest]]

    init(_ sampling: CurveSampling) {
        threshold = UInt64(sampling.rate * 0x1p64)
        seed = Self.mix(sampling.seed &+ 0x9e37_79b9_7f4a_7c15)
        parts = Array(repeating: [], count: 1 + CurveSampling.classCount)
    }

    mutating func take(from requests: [LineRequest]) {
        for part in parts.indices { parts[part].removeAll(keepingCapacity: true) }
        for request in requests {
            let hash = Self.mix(request.line ^ seed)
            guard hash < threshold else { continue }
            parts[0].append(request)
            parts[1 &+ Int(truncatingIfNeeded: hash % UInt64(CurveSampling.classCount))].append(request)
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
