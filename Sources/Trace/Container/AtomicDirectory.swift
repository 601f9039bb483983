/// A directory that appears under its name only once it is whole.
///
/// Files go to `NAME.partial-PROCESS-NUMBER` beside it. `commit` waits until the disk has the files, renames the
/// directory, and waits until the disk has the name. An instance that is dropped before that removes the partial
/// directory. An empty directory with the final name may exist; the new one takes over its permissions. A symbolic link
/// is followed.
package final class AtomicDirectory {
    /// A file of the directory. It can be written once.
    package struct File {
        package let output: ByteOutput
        fileprivate let descriptor: Int32

        /// Ends the file and waits until the disk has it.
        /// - Throws: `TraceError.system`.
        package func close() throws(TraceError) {
            let place = TracePlace(file: output.name)
            do {
                try SystemCalls.synchronize(descriptor, place: place)
            } catch {
                _ = SystemCalls.close(descriptor)
                throw error
            }
            guard SystemCalls.close(descriptor) else { throw SystemCalls.lastError("close", at: place) }
        }
    }

    /// The name that the directory will have.
    package let path: String
    private let destination: String
    private let temporaryPath: String
    private var files: [String] = []
    private var isCommitted = false

    /// Creates the partial directory.
    /// - Throws: `TraceError.misuse` where the name belongs to anything but an empty directory, `.system`.
    package init(path: String) throws(TraceError) {
        self.path = path
        guard !path.isEmpty else {
            throw .misuse(TracePlace(file: "output directory"), problem: "its name is empty", remedy: "Give a path")
        }
        var trimmed = path
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        destination = try OutputPlace.destination(of: trimmed)
        guard try SystemCalls.isMissingOrEmptyDirectory(destination) else {
            throw .misuse(
                TracePlace(file: path), problem: "it exists and is no empty directory",
                remedy: "Give the name of a new directory, or remove what is there")
        }
        for attempt in 0..<1000 {
            let candidate = "\(destination).partial-\(SystemCalls.processIdentifier)-\(attempt)"
            if try SystemCalls.createDirectory(candidate, for: path) {
                temporaryPath = candidate
                try SystemCalls.copyPermissions(ofDirectory: destination, to: candidate, for: path)
                return
            }
        }
        throw .misuse(
            TracePlace(file: path), problem: "a thousand partial directories of this process lie beside it",
            remedy: "Remove the directories '\(path).partial-*'")
    }

    deinit {
        if !isCommitted { remove() }
    }

    /// Creates a file in the directory.
    /// - Throws: `TraceError.misuse` for a name that is taken or after `commit`, `.system`.
    package func create(_ name: String) throws(TraceError) -> File {
        let shown = "\(path)/\(name)"
        guard !isCommitted, !name.contains("/"),
            let descriptor = try SystemCalls.create("\(temporaryPath)/\(name)", for: shown)
        else {
            throw .misuse(
                TracePlace(file: shown), problem: "it cannot be created again",
                remedy: "Create each file once, before the commit")
        }
        files.append(name)
        return File(output: ByteOutput(descriptor: descriptor, name: shown), descriptor: descriptor)
    }

    /// Gives the directory its name.
    package func commit() throws(TraceError) {
        guard !isCommitted else {
            throw .misuse(TracePlace(file: path), problem: "the directory is committed already", remedy: "Commit once")
        }
        try SystemCalls.synchronizeDirectory(temporaryPath, for: path)
        try SystemCalls.rename(temporaryPath, to: destination, for: path)
        isCommitted = true
        try SystemCalls.synchronizeDirectory(OutputPlace.parts(of: destination).folder, for: path)
    }

    private func remove() {
        for name in files { SystemCalls.remove("\(temporaryPath)/\(name)") }
        SystemCalls.removeDirectory(temporaryPath)
    }
}
