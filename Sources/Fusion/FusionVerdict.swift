/// Whether a variant is faster, and where the difference comes from.
package struct FusionVerdict: Equatable, Sendable {
    /// One part of the difference.
    package struct Change: Equatable, Sendable {
        /// The name in `TimeShares`.
        package let name: String
        package let title: String
        /// Nanoseconds that the variant spends more; negative if it spends less.
        package let nanoseconds: Double
    }

    /// The share within which two times count as equal: the model cannot tell them apart. Of 8 measured block orders
    /// all are within 4.4 % of the launch order, and none is predicted more than 2.3 % away from it
    /// (docs/hypotheses.md).
    package static let equalShare = 0.025

    /// Whether the variant is faster; nil if the times are equal within `equalShare`.
    package let isFaster: Bool?
    /// The baseline's time divided by the variant's.
    package let speedup: Double
    /// The changes, largest first. Their sum is the difference of the times.
    package let changes: [Change]
    /// HBM bytes that the variant moves more; negative if it moves fewer.
    package let hbmBytes: Double
    /// HBM bytes that the variant moves more, as a share of the baseline's.
    package let hbmShare: Double
    /// The imbalance of the baseline and of the variant: the active time of the SM that is active longest, divided by
    /// the mean.
    package let imbalance: (baseline: Double, variant: Double)

    package init(_ comparison: FusionComparison) {
        let (before, after) = (comparison.baseline, comparison.variant)
        speedup = comparison.speedup
        isFaster = abs(speedup - 1) <= Self.equalShare ? nil : speedup > 1
        changes = zip(before.parts, after.parts)
            .map { Change(name: $0.name, title: $0.title, nanoseconds: $1.nanoseconds - $0.nanoseconds) }
            .sorted { (abs($0.nanoseconds), $1.name) > (abs($1.nanoseconds), $0.name) }
        hbmBytes = Double(after.hbmBytes) - Double(before.hbmBytes)
        hbmShare = before.hbmBytes > 0 ? hbmBytes / Double(before.hbmBytes) : 0
        imbalance = (before.imbalance, after.imbalance)
    }

    package static func == (left: FusionVerdict, right: FusionVerdict) -> Bool {
        left.isFaster == right.isFaster && left.speedup == right.speedup && left.changes == right.changes
            && left.hbmBytes == right.hbmBytes && left.imbalance == right.imbalance
    }

    /// The changes that explain the verdict: up to two in its direction, each at least a tenth of the largest.
    package var reasons: [Change] {
        let sign = isFaster == true ? -1.0 : 1.0
        let same = changes.filter { $0.nanoseconds * sign > 0 }
        guard let largest = same.first else { return [] }
        return Array(same.prefix(2).filter { abs($0.nanoseconds) >= 0.1 * abs(largest.nanoseconds) })
    }

    /// The largest change against the verdict, if it is at least a quarter of the largest for it.
    package var counterweight: Change? {
        let sign = isFaster == true ? 1.0 : -1.0
        guard let largest = reasons.first, let other = changes.first(where: { $0.nanoseconds * sign > 0 }) else {
            return nil
        }
        return abs(other.nanoseconds) >= 0.25 * abs(largest.nanoseconds) ? other : nil
    }
}
