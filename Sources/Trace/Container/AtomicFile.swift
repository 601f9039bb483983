/// A file that appears under its name only once it is whole.
///
/// Bytes go to `NAME.partial-PROCESS-NUMBER` beside it; `commit` renames, and an instance dropped before that removes
/// the partial file. Pipes and devices are written in place. A symbolic link is followed, so its target is replaced.
package final class AtomicFile {
    /// The name that the file will have.
    package let path: String
    private let destination: String
    private let temporaryPath: String?
    private var descriptor: Int32?

    /// Creates the partial file, or opens a pipe or device.
    package init(path: String) throws(TraceError) {
        self.path = path
        guard !path.isEmpty else {
            throw .misuse(TracePlace(file: "output file"), problem: "its name is empty", remedy: "Give a path, or '-'")
        }
        if SystemCalls.isSpecialFile(path) {
            destination = path
            temporaryPath = nil
            descriptor = try SystemCalls.openForWriting(path)
            return
        }
        destination = SystemCalls.resolvedPath(path)
        for attempt in 0..<1000 {
            let candidate = "\(destination).partial-\(SystemCalls.processIdentifier)-\(attempt)"
            if let created = try SystemCalls.create(candidate, for: path) {
                temporaryPath = candidate
                descriptor = created
                return
            }
        }
        throw .misuse(
            TracePlace(file: path), problem: "a thousand partial files of this process lie beside it",
            remedy: "Remove the files '\(path).partial-*'")
    }

    deinit {
        if let descriptor { _ = SystemCalls.close(descriptor) }
        if let temporaryPath, descriptor != nil { SystemCalls.remove(temporaryPath) }
    }

    /// The bytes' way in, until `commit`.
    /// - Throws: `TraceError.misuse` after `commit`.
    package func output() throws(TraceError) -> ByteOutput {
        guard let descriptor else {
            throw .misuse(TracePlace(file: path), problem: "the file is committed already", remedy: "Open it again")
        }
        return ByteOutput(descriptor: descriptor, name: path)
    }

    /// Closes the file and gives it its name, replacing a file of this name.
    package func commit() throws(TraceError) {
        guard let open = descriptor else {
            throw .misuse(TracePlace(file: path), problem: "the file is committed already", remedy: "Commit once")
        }
        descriptor = nil
        guard SystemCalls.close(open) else {
            let error = SystemCalls.lastError("close", at: TracePlace(file: path))
            if let temporaryPath { SystemCalls.remove(temporaryPath) }
            throw error
        }
        guard let temporaryPath else { return }
        do {
            try SystemCalls.rename(temporaryPath, to: destination)
        } catch {
            SystemCalls.remove(temporaryPath)
            throw error
        }
    }
}
