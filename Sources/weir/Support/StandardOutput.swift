import Foundation
import Trace

/// Where results go that have no file.
package enum StandardOutput {
    /// How errors name it.
    private static let name = "standard output"

    /// Writes `text`.
    /// - Throws: `TraceError.system` where it is closed or full, or nobody reads it.
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

    /// Whether an error says that the reader of a pipe has ended, as `head` does when it has enough: no failure of this
    /// command.
    package static func isReaderGone(_ error: any Error) -> Bool {
        guard case TraceError.system(let place, "write", let message) = error else { return false }
        return place.file == name && message == String(cString: strerror(EPIPE))
    }
}
