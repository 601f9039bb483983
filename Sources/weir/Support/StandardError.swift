import Content
import Foundation
import Trace

/// What the command says on standard error: progress, summaries, warnings and errors.
///
/// Nothing depends on these words, so a standard error that is closed or full loses them and never ends the command.
package enum StandardError {
    /// Writes `text` as it is.
    static func write(raw text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Writes a line; names in it that would move a terminal's cursor are escaped.
    static func write(_ line: String) { write(raw: line.asPrintable + "\n") }
}
