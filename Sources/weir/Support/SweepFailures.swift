import Synchronization

/// The first failure among a sweep's points, from any thread.
final class SweepFailures: Sendable {
    private let noted = Mutex<String?>(nil)

    /// The first failed point and its cause; nil if this process has run none that failed.
    var first: String? { noted.withLock { $0 } }

    func note(_ cause: String, at point: String) {
        noted.withLock { if $0 == nil { $0 = "\(point): \(cause)" } }
    }
}
