import CSupport

/// A file that appears under its name only once it is whole.
///
/// Bytes go to `NAME.partial-PROCESS-NUMBER` beside it. `commit` waits until the disk has the bytes, renames the file,
/// and waits until the disk has the name. The partial file is removed when an instance is dropped before that, and by
/// signals that end the command. A file that replaces another takes over its permissions. A symbolic link is followed,
/// so its target is replaced. Pipes, devices and `/dev/stdout` are written in place.
package final class AtomicFile {
    /// The name that the file will have.
    package let path: String
    private let destination: String
    private let temporaryPath: String?
    private var descriptor: Int32?
    private var isCommitted = false
    /// The slot by which signals find the partial file; -1 without a partial file.
    private let slot: Int32

    /// Most bytes of a name that a partial file's name repeats. A name may have 255 bytes, and the partial file's has
    /// more after it.
    private static let longestName = 200

    /// Creates the partial file, or opens a pipe or device.
    package init(path: String) throws(TraceError) {
        self.path = path
        guard !path.isEmpty else {
            throw .misuse(TracePlace(file: "output file"), problem: "its name is empty", remedy: "Give a path, or '-'")
        }
        switch try OutputPlace(path: path) {
        case .descriptor(let number):
            (destination, temporaryPath, slot) = (path, nil, -1)
            descriptor = try SystemCalls.duplicate(number, path: path)
        case .special:
            (destination, temporaryPath, slot) = (path, nil, -1)
            descriptor = try SystemCalls.openForWriting(path)
        case .file(let destination, let permissions):
            self.destination = destination
            let (created, name) = try Self.createPartial(of: destination, for: path)
            temporaryPath = name
            slot = weir_partial_add(name)
            descriptor = created
            if let permissions {
                try SystemCalls.setPermissions(permissions, of: created, place: TracePlace(file: path))
            }
        }
    }

    private static func createPartial(of destination: String, for path: String) throws(TraceError) -> (Int32, String) {
        let (folder, name) = OutputPlace.parts(of: destination)
        var stem = name
        while stem.utf8.count > longestName { stem.removeLast() }
        for attempt in 0..<1000 {
            let candidate = "\(folder == "/" ? "" : folder)/\(stem).partial-\(SystemCalls.processIdentifier)-\(attempt)"
            if let created = try SystemCalls.create(candidate, for: path) { return (created, candidate) }
        }
        throw .misuse(
            TracePlace(file: path), problem: "a thousand partial files of this process lie beside it",
            remedy: "Remove the files '\(path).partial-*'")
    }

    deinit {
        if let descriptor { _ = SystemCalls.close(descriptor) }
        if let temporaryPath, !isCommitted { SystemCalls.remove(temporaryPath) }
        weir_partial_drop(slot)
    }

    /// Lets the signals that end a process (SIGINT, SIGTERM, SIGHUP) first remove its partial files, from now on.
    package static func removePartialFilesOnSignals() { weir_partial_watch() }

    /// Where the bytes are written until `finish` or `commit`.
    /// - Throws: `TraceError.misuse` after either.
    package func output() throws(TraceError) -> ByteOutput {
        guard let descriptor else {
            throw .misuse(TracePlace(file: path), problem: "the file is committed already", remedy: "Open it again")
        }
        return ByteOutput(descriptor: descriptor, name: path)
    }

    /// Ends the bytes and waits until the disk has them. After that, `commit` can only fail in giving the name.
    /// - Throws: `TraceError.system`; the name then keeps the file that it had. `.misuse` the second time.
    package func finish() throws(TraceError) {
        guard let open = descriptor else {
            throw .misuse(TracePlace(file: path), problem: "the file is committed already", remedy: "Commit once")
        }
        let place = TracePlace(file: path)
        if temporaryPath != nil { try SystemCalls.synchronize(open, place: place) }
        descriptor = nil
        guard SystemCalls.close(open) else { throw SystemCalls.lastError("close", at: place) }
    }

    /// Closes the file and gives it its name, replacing a file of this name.
    /// - Throws: `TraceError.system`, `.misuse` the second time.
    package func commit() throws(TraceError) {
        if descriptor != nil || isCommitted { try finish() }
        guard let temporaryPath else {
            isCommitted = true
            return
        }
        try SystemCalls.rename(temporaryPath, to: destination, for: path)
        isCommitted = true
        try SystemCalls.synchronizeDirectory(OutputPlace.parts(of: destination).folder, for: path)
    }
}
