import Foundation
import Trace

/// Writes results: to standard output, or to a file that appears under its name only once it is whole.
enum ResultWriter {
    /// - Parameter path: nil or `-` is standard output.
    /// - Throws: `TraceError.system` with the path.
    static func write(_ text: String, to path: String?) throws {
        guard let path, path != "-" else {
            do {
                try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
            } catch {
                throw TraceError.system(
                    TracePlace(file: "standard output"), call: "write", message: "the reader is gone or the disk is full")
            }
            return
        }
        try AtomicFile.write(text, toPath: path)
    }
}
