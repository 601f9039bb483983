/// An error that a user of the command reads. Its description is one line: the place, the cause and the cure.
package protocol UserError: Error, CustomStringConvertible {
    /// Whether an option or argument is wrong. Otherwise the input is wrong.
    var isUsage: Bool { get }
}

extension UserError {
    package var isUsage: Bool { false }

    /// The description as `asUserLine`.
    package var message: String { description.asUserLine }

    /// The command's exit code.
    package var exitCode: Int32 { isUsage ? ExitStatus.badUsage : ExitStatus.badInput }
}

extension String {
    /// This text as the one line that a user reads. Line ends become blanks, and characters that would move a
    /// terminal's cursor become escapes.
    package var asUserLine: String { split(whereSeparator: \.isNewline).joined(separator: " ").asMessage }
}

/// The exit codes of the command besides 0.
package enum ExitStatus {
    /// A check failed, or the input is bad.
    package static let badInput: Int32 = 1
    /// Wrong usage. *Source:* sysexits.h, EX_USAGE.
    package static let badUsage: Int32 = 64
}
