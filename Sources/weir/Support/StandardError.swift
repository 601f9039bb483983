import Content
import Foundation
import Trace

/// The command's messages on standard error: progress, summaries, warnings and errors.
///
/// Nothing depends on these messages. If standard error is closed or full they are lost, and the command continues.
package enum StandardError {
    /// Writes `text` unchanged.
    static func write(raw text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Writes a line. It escapes characters in names that would move a terminal's cursor.
    static func write(_ line: String) { write(raw: line.asPrintable + "\n") }
}
