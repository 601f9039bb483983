import Foundation
import Trace

/// The place of results without a file.
package enum StandardOutput {
    /// Its name in errors.
    private static let name = "standard output"

    /// Writes `text`.
    /// - Throws: `TraceError.system` if standard output is closed or full, or nobody reads it.
    static func write(_ text: String) throws(TraceError) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .system(TracePlace(file: name), call: "write", message: String(cString: strerror(errno)))
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Whether an error says that the reader of a pipe has ended. `head` ends so when it has enough. The command has
    /// not failed then.
    package static func isReaderGone(_ error: any Error) -> Bool {
        guard case TraceError.system(let place, "write", let message) = error else { return false }
        return place.file == name && message == String(cString: strerror(EPIPE))
    }
}
