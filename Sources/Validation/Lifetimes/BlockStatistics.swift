/// The lifetimes, turnaround and residency of a launch's blocks. Measured and predicted blocks are treated alike.
package struct BlockStatistics: Equatable, Sendable {
    package let blocks: Int
    /// Lifetimes in cycles: the mean, and the values that a share of the blocks does not exceed.
    package let lifetimeMeanCycles: Double
    package let lifetimeP10Cycles: Double
    package let lifetimeP50Cycles: Double
    package let lifetimeP90Cycles: Double
    /// Median gap between a block's end and the next start in its slot, in cycles; nil if no slot ran two blocks.
    package let turnaroundP50Cycles: Double?
    /// The greatest number of blocks that ran on one SM at a time.
    package let blocksPerSM: Int
    /// From the first start to the last end in nanoseconds.
    package let durationNanoseconds: Double

    /// - Parameter blocks: the blocks in any order. Cycles per nanosecond are the sum of all lifetimes in cycles
    ///   divided by that in nanoseconds.
    package init(_ blocks: [BlockInterval]) {
        self.blocks = blocks.count
        let cycles = blocks.map(\.lifetimeCycles).sorted()
        let sum = cycles.reduce(0, +)
        let nanoseconds = blocks.reduce(0) { $0 + $1.endNanoseconds - $1.startNanoseconds }
        lifetimeMeanCycles = cycles.isEmpty ? 0 : sum / Double(cycles.count)
        lifetimeP10Cycles = Self.percentile(0.1, of: cycles) ?? 0
        lifetimeP50Cycles = Self.percentile(0.5, of: cycles) ?? 0
        lifetimeP90Cycles = Self.percentile(0.9, of: cycles) ?? 0
        let (gaps, most) = Self.slots(of: blocks)
        let cyclesPerNanosecond = nanoseconds > 0 ? sum / nanoseconds : 0
        turnaroundP50Cycles = Self.percentile(0.5, of: gaps.sorted()).map { $0 * cyclesPerNanosecond }
        blocksPerSM = most
        let first = blocks.map(\.startNanoseconds).min() ?? 0
        durationNanoseconds = (blocks.map(\.endNanoseconds).max() ?? 0) - first
    }

    /// Name and value of every figure, in order, as JSON has them.
    package var values: [(name: String, value: Double?)] {
        [
            ("lifetime_p50_cycles", lifetimeP50Cycles), ("lifetime_p10_cycles", lifetimeP10Cycles),
            ("lifetime_p90_cycles", lifetimeP90Cycles), ("lifetime_mean_cycles", lifetimeMeanCycles),
            ("turnaround_p50_cycles", turnaroundP50Cycles), ("blocks_per_sm", Double(blocksPerSM)),
            ("duration_ns", durationNanoseconds), ("blocks", Double(blocks)),
        ]
    }

    /// The least value that `share` of the values do not exceed.
    private static func percentile(_ share: Double, of sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        return sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
    }

    /// Puts the blocks of each SM into slots in the order of their starts. A block takes the slot that became free
    /// first, or a new one if all are taken.
    /// - Returns: the gaps in nanoseconds between a slot's blocks, and the greatest number of slots of an SM. That is
    ///   the greatest number of blocks that an SM ran at a time.
    private static func slots(of blocks: [BlockInterval]) -> (gaps: [Double], most: Int) {
        var gaps: [Double] = []
        var most = 0
        for onSM in Dictionary(grouping: blocks, by: \.sm).values {
            var ends: [Double] = []
            for block in onSM.sorted(by: { ($0.startNanoseconds, $0.block) < ($1.startNanoseconds, $1.block) }) {
                if let slot = ends.indices.min(by: { ends[$0] < ends[$1] }), ends[slot] <= block.startNanoseconds {
                    gaps.append(block.startNanoseconds - ends[slot])
                    ends[slot] = block.endNanoseconds
                } else {
                    ends.append(block.endNanoseconds)
                }
            }
            most = max(most, ends.count)
        }
        return (gaps, most)
    }
}
