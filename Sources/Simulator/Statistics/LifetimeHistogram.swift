/// Thread-block lifetimes in cycles. The buckets are no wider than 1/128 of their value. Memory follows the range of
/// lifetimes (at most 64 KiB) and not their number.
package struct LifetimeHistogram: Equatable, Sendable {
    private static let steps = 128
    /// Counts from bucket `first` to the last one that is not empty.
    private var buckets: [UInt64] = []
    private var first = 0
    /// Blocks counted.
    package private(set) var count: UInt64 = 0
    /// Sum of all lifetimes in cycles.
    package private(set) var sum = 0.0
    package private(set) var minimum = Double.infinity
    package private(set) var maximum = 0.0

    package init() {}

    /// Counts one block that lived `cycles`.
    package mutating func add(cycles: Double) {
        add(1, bucket: Self.bucket(of: cycles))
        count += 1
        sum += cycles
        minimum = min(minimum, cycles)
        maximum = max(maximum, cycles)
    }

    package mutating func add(_ other: LifetimeHistogram) {
        for (index, blocks) in other.buckets.enumerated() where blocks > 0 { add(blocks, bucket: other.first + index) }
        count += other.count
        sum += other.sum
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    private mutating func add(_ blocks: UInt64, bucket: Int) {
        if buckets.isEmpty { first = bucket }
        if bucket < first {
            buckets.insert(contentsOf: repeatElement(0, count: first - bucket), at: 0)
            first = bucket
        } else if bucket - first >= buckets.count {
            buckets.append(contentsOf: repeatElement(0, count: bucket - first - buckets.count + 1))
        }
        buckets[bucket - first] += blocks
    }

    /// Mean lifetime in cycles; 0 without blocks.
    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    /// The lifetime that `fraction` (0...1) of the blocks do not exceed, to 1 %; 0 without blocks.
    package func percentile(_ fraction: Double) -> Double {
        guard count > 0 else { return 0 }
        let wanted = max(1, UInt64((fraction * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for index in buckets.indices where buckets[index] > 0 {
            seen += buckets[index]
            if seen >= wanted { return min(maximum, max(minimum, Self.middle(of: first + index))) }
        }
        return maximum
    }

    /// Blocks by lifetime in cycles, shortest first. Each power of two is divided into `perOctave` equal parts, where
    /// `perOctave` divides 128. Parts without blocks are left out.
    package func distribution(perOctave: Int) -> [(from: Double, to: Double, blocks: UInt64)] {
        let width = Self.steps / perOctave
        let start = first / width * width
        return stride(from: start, to: first + buckets.count, by: width).compactMap { edge in
            let part = max(edge, first)..<min(edge + width, first + buckets.count)
            let blocks = part.reduce(0) { $0 + buckets[$1 - first] }
            guard blocks > 0 else { return nil }
            return (Self.lowerEdge(of: edge), Self.lowerEdge(of: edge + width), blocks)
        }
    }

    private static func bucket(of cycles: Double) -> Int {
        let value = max(1, cycles)
        let exponent = min(62, Int(value.exponent))
        let fraction = value / Double(UInt64(1) << UInt64(exponent)) - 1
        return exponent * steps + min(steps - 1, Int(fraction * Double(steps)))
    }

    private static func middle(of index: Int) -> Double {
        let scale = Double(UInt64(1) << UInt64(index / steps))
        return scale * (1 + (Double(index % steps) + 0.5) / Double(steps))
    }

    private static func lowerEdge(of index: Int) -> Double {
        let scale = Double(sign: .plus, exponent: index / steps, significand: 1)
        return scale * (1 + Double(index % steps) / Double(steps))
    }
}
