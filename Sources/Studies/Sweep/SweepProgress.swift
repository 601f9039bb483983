import Foundation

/// How far a sweep is, or how it ended.
package struct SweepProgress: Equatable, Sendable {
    /// Points of the shard.
    package let total: Int
    /// Points that this process has run.
    package var ran = 0
    /// Of these, the ones that failed.
    package var failed = 0
    /// Points that the file had already, or that another process ran, and those equal to another point.
    package var skipped = 0
    /// Of these, the ones that are recorded as failed.
    package var skippedFailed = 0

    package init(total: Int) {
        self.total = total
    }

    package var left: Int { total - ran - skipped }
    package var allFailed: Int { failed + skippedFailed }

    /// Such as `12 of 48 points done (1 failed), 36 left, about 2 min 30 s`.
    /// - Parameter seconds: since this process began.
    package func line(seconds: Double) -> String {
        var text = "\(ran + skipped) of \(total) points done (\(allFailed) failed), \(left) left"
        if ran > 0, left > 0 { text += ", about " + Self.duration(seconds / Double(ran) * Double(left)) }
        return text
    }

    /// What a finished sweep says of itself.
    package var summary: String {
        "\(total) points: \(total - allFailed - left) done, \(allFailed) failed; \(ran) ran now, \(skipped) were there"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(), 1e9))
        if whole >= 5400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return whole >= 90 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
