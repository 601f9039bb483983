extension AtomicFile {
    /// Writes a whole text to `path`. The file has this name only once it is complete.
    /// - Throws: `TraceError.system` with the path.
    package static func write(_ text: String, toPath path: String) throws(TraceError) {
        let file = try AtomicFile(path: path)
        try file.output().write(Array(text.utf8), at: TracePlace(file: path))
        try file.commit()
    }
}
