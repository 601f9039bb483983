/// The outcome for one digest: a comparison, or the reason why there is none.
package enum CheckOutcome: Equatable, Sendable {
    case compared(GoldenReport)
    /// The file cannot be read, or no generator makes its kernel.
    case failed(file: String, reason: String)

    /// Whether the digest and the generator were compared and agree.
    package var agrees: Bool {
        switch self {
        case .compared(let report): report.agrees
        case .failed: false
        }
    }

    /// The digest's file name as given.
    package var file: String {
        switch self {
        case .compared(let report): report.file
        case .failed(let file, _): file
        }
    }

    /// Differences and failures in words. Each line names its file.
    package var lines: [String] {
        switch self {
        case .compared(let report):
            var lines = report.differences.map { "\(report.file): \($0)" }
            let more = report.differenceCount - report.differences.count
            if more > 0 { lines.append("\(report.file): and \(more) more differences") }
            return lines
        case .failed(_, let reason): return [reason]
        }
    }
}
