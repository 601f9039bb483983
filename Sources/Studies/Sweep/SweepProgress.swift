import Foundation

/// The progress of a sweep, or its end.
package struct SweepProgress: Equatable, Sendable {
    /// The number of points of the shard.
    package let total: Int
    /// The number of points that this process has run.
    package var ran = 0
    /// The number of these points that failed.
    package var failed = 0
    /// The number of points that were not run: the file had them already, another process ran them, or they equal
    /// another point.
    package var skipped = 0
    /// The number of these points that are recorded as failed.
    package var skippedFailed = 0

    package init(total: Int) {
        self.total = total
    }

    package var left: Int { total - ran - skipped }
    package var allFailed: Int { failed + skippedFailed }

    /// A line such as `12 of 48 points done (1 failed), 36 left, about 2 min 30 s`.
    /// - Parameter seconds: the time since this process began.
    package func line(seconds: Double) -> String {
        var text = "\(ran + skipped) of \(total) points done (\(allFailed) failed), \(left) left"
        if ran > 0, left > 0 { text += ", about " + Self.duration(seconds / Double(ran) * Double(left)) }
        return text
    }

    /// The summary of a finished sweep.
    package var summary: String {
        "\(total) points: \(total - allFailed - left) done, \(allFailed) failed; \(ran) ran now, \(skipped) were there"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(), 1e9))
        if whole >= 5400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return whole >= 90 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
