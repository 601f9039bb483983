import Content

/// Everything that can go wrong when a trace is checked, written or read.
///
/// Every case carries the place. Where there are two values, it carries the one that was found and the one that was
/// expected.
package enum TraceError: UserError, Equatable, Sendable {
    /// A system call failed.
    case system(TracePlace, call: String, message: String)
    /// The bytes do not begin as a `.weir` file does. `head` has the first 64 KiB of them.
    case notATrace(TracePlace, head: [UInt8])
    /// The file follows another version of the format.
    case unsupportedVersion(TracePlace, found: Int, supported: Int)
    /// The input ends early: of the named part, `found` of `expected` bytes are there.
    case truncated(TracePlace, expected: Int, found: Int)
    /// A checksum does not match: the bytes changed after they were written.
    case damaged(TracePlace, what: String, expected: UInt32, found: UInt32)
    /// Bytes with a right checksum have no meaning. The writer was faulty or hostile.
    case malformed(TracePlace, what: String, found: String, expected: String)
    /// A size is beyond what the format allows.
    case limitExceeded(TracePlace, what: String, found: UInt64, limit: UInt64)
    /// Bytes follow the end of the trace.
    case trailingBytes(TracePlace)
    /// A launch cannot be simulated.
    case invalidLaunch(TracePlace, field: String, found: String, expected: String)
    /// An operation of a block's program cannot be simulated.
    case invalidProgram(TracePlace, block: Int?, operation: Int, field: String, found: String, expected: String)
    /// The caller broke the order of calls.
    case misuse(TracePlace, problem: String, remedy: String)

    /// The place that the error names.
    package var place: TracePlace {
        switch self {
        case .system(let place, _, _), .notATrace(let place, _), .unsupportedVersion(let place, _, _),
            .truncated(let place, _, _), .damaged(let place, _, _, _), .malformed(let place, _, _, _),
            .limitExceeded(let place, _, _, _), .trailingBytes(let place), .invalidLaunch(let place, _, _, _),
            .invalidProgram(let place, _, _, _, _, _), .misuse(let place, _, _):
            place
        }
    }

    /// One line: the place, what happened, and what to do.
    package var description: String {
        ("\(place): " + explanation).asMessage
    }

    /// What happened and what to do, without the place.
    package var explanation: String {
        switch self {
        case .system(_, let call, let message):
            "\(call) failed: \(message)"
        case .notATrace(_, let head):
            "not a .weir trace: it begins with \(beginning(head)). Give a file that 'weir generate' or 'weir import' wrote"
        case .unsupportedVersion(_, let found, let supported):
            "format version \(found), but this program reads version \(supported). Write the trace again with this program"
        case .truncated(_, let expected, let found):
            "the input ends after \(found) of \(expected) bytes. It was cut or its writer failed; "
                + "read as a stream, the chunks before it are whole. Copy or write it again"
        case .damaged(_, let what, let expected, let found):
            "\(what) has CRC \(hexadecimal(found)) where \(hexadecimal(expected)) is recorded. "
                + "Bytes changed since they were written; copy or write the file again"
        case .malformed(_, let what, let found, let expected):
            "\(what) is \(found), expected \(expected). Its writer is faulty; write the trace again"
        case .limitExceeded(_, let what, let found, let limit):
            "\(what) is \(found), and the format allows at most \(limit). Split it up, or suspect the writer"
        case .trailingBytes:
            "bytes follow the end of the trace. Remove them, or keep one trace a file"
        case .invalidLaunch(_, let field, let found, let expected):
            "the launch's \(field) is \(found), expected \(expected). Correct what generated or recorded it"
        case .invalidProgram(_, let block, let operation, let field, let found, let expected):
            (block.map { "block \($0), " } ?? "")
                + "operation \(operation): \(field) is \(found), expected \(expected). Correct what generated or recorded it"
        case .misuse(_, let problem, let remedy):
            "\(problem). \(remedy)"
        }
    }

    private func beginning(_ head: [UInt8]) -> String {
        head.isEmpty
            ? "nothing" : head.prefix(FileHeader.magic.count).map { String($0, radix: 16) }.joined(separator: " ")
    }

    private func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
