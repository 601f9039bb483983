import Content
import Trace

/// Everything that can be wrong with a foreign trace. Each error is one line: the place, the cause, the cure.
package enum TraceFormatError: UserError, Equatable, Sendable {
    /// A line or a part of a line does not follow the format.
    case malformed(FormatPlace, what: String, found: String, expected: String)
    /// The input ends before a part is complete.
    case truncated(FormatPlace, what: String)
    /// A size is beyond what Weir's traces hold.
    case limitExceeded(FormatPlace, what: String, limit: UInt64)
    /// The input is right, but Weir cannot read or write it.
    case unsupported(FormatPlace, what: String, cure: String)
    /// Weir's traces cannot hold this launch or program. `TraceValidation` says why.
    case invalid(FormatPlace, reason: String)
    /// Compressed bytes cannot be inflated.
    case compression(FormatPlace, method: String, reason: String)
    /// The input holds no access at all.
    case empty(FormatPlace, expected: String)
    /// The input can be read, but may not hold what was recorded. This is a warning, or an error where the import is
    /// strict.
    case doubtful(FormatPlace, what: String, cure: String)
    /// One of several launches cannot be read. The import may go on without it.
    indirect case damagedLaunch(TraceFormatError)

    package var description: String { text.asMessage }

    /// The error about an input whose accesses are all left out.
    static func onlyFetches(_ place: FormatPlace, _ count: UInt64) -> TraceFormatError {
        .unsupported(
            place, what: "all \(count) accesses are instruction fetches, which --no-fetches leaves out",
            cure: "Import it without --no-fetches")
    }

    /// The error about a launch that a header describes.
    /// - Parameter threads: threads of its block.
    static func invalidLaunch(_ place: FormatPlace, _ error: TraceError, threads: Int) -> TraceFormatError {
        guard case .invalidLaunch(_, let field, _, _) = error, field.hasPrefix("registers") else {
            return .invalid(place, reason: error.explanation)
        }
        let most = LaunchLimit.registersPerThread(threads: threads)
        return .invalid(
            place,
            reason:
                "\(error.explanation), or give the real count with --registers N, at most \(most) for a block of \(threads) threads"
        )
    }

    /// Whether the error is about the recording of one launch, and not about what the importer was given.
    var isOfOneLaunch: Bool {
        switch self {
        case .malformed, .truncated, .limitExceeded, .invalid, .compression: true
        case .unsupported, .empty, .doubtful, .damagedLaunch: false
        }
    }

    private var text: String {
        switch self {
        case .malformed(let place, let what, let found, let expected):
            "\(place): \(what) is \(found), expected \(expected). Correct the line, or record the trace again"
        case .truncated(let place, let what):
            "\(place): the input ends within \(what). It was cut or its writer failed; copy or record it again"
        case .limitExceeded(let place, let what, let limit):
            "\(place): \(what), and a trace of Weir's holds at most \(limit). Record less of it, or suspect the writer"
        case .unsupported(let place, let what, let cure), .doubtful(let place, let what, let cure):
            "\(place): \(what). \(cure)"
        case .invalid(let place, let reason):
            "\(place): \(reason)"
        case .compression(let place, let method, let reason):
            "\(place): the \(method) stream is broken (\(reason)). Copy or compress the file again"
        case .damagedLaunch(let error):
            "\(error.text). Or give --keep-whole, which leaves this launch out and imports the others"
        case .empty(let place, let expected):
            "\(place): there is nothing to import, expected \(expected). Check that the tool wrote to this file"
        }
    }
}
