import Content
import Foundation

/// How text for people looks where it goes: no control characters, no line longer than `TextWidth.columns`, and
/// headings in bold on a terminal.
package struct PeopleText {
    /// Whether long lines are broken. Wide tables and machine files keep theirs.
    private let wraps: Bool
    private let hasBold: Bool

    /// - Parameter path: of the output; nil or `-` for standard output.
    init(path: String?, wraps: Bool = true) {
        self.wraps = wraps
        hasBold =
            (path == nil || path == "-")
            && Self.isStyled(
                terminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }

    /// Whether an output is styled. `NO_COLOR` with any value forbids it (no-color.org), and so does a dumb terminal.
    package static func isStyled(terminal: Bool, environment: [String: String]) -> Bool {
        terminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    func callAsFunction(_ text: String) -> String {
        let printable = text.asPrintableLines
        let wrapped = wraps ? printable.wrappedLines() : printable
        return hasBold ? wrapped.withBoldHeadings : wrapped
    }
}
