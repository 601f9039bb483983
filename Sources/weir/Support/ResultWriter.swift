import Trace

/// Writes results: to standard output, or to a file that appears under its name only once it is whole.
enum ResultWriter {
    /// - Parameter path: nil or `-` is standard output.
    /// - Throws: `TraceError.system` with the path.
    static func write(_ text: String, to path: String?) throws {
        guard let path, path != "-" else {
            try StandardOutput.write(text)
            return
        }
        try AtomicFile.write(text, toPath: path)
    }
}
