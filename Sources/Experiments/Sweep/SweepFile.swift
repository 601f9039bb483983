import Foundation

/// The file of a sweep's results: a JSON object a line, shared by any number of processes.
///
/// Locks are advisory locks on byte ranges of the file itself, far behind its end: one byte for appending, and one for each point
/// that someone runs. They belong to the open file (open file description locks), so two instances exclude each other in one
/// process too, and the system drops them when their process ends, however it ends.
package final class SweepFile: @unchecked Sendable {
    /// What the file says of a point.
    package enum Status: String, Sendable {
        case ok, failed
    }

    /// How every line begins; its key and status follow.
    package static let lineStart = "{\"key\":\""
    private static let lockBase: UInt64 = 1 << 62
    private static let keyDigits = 32

    package let path: String
    private let descriptor: Int32
    /// Guards everything below, and appending, among the threads that share this instance.
    private let mutex = NSLock()
    private var statuses: [String: Status] = [:]
    /// Points whose failure stood here when the file was opened, and has not been repeated since.
    private var oldFailures: Set<String> = []
    private var claims: Set<UInt64> = []
    /// End of the last whole line that was read.
    private var readOffset: Int64 = 0
    private var lineCount = 0

    /// Opens or creates the file, reads it, and removes a line that a killed writer left unfinished.
    /// - Throws: `SweepError.system`, or `.foreignLine` for a line that is no sweep's; the file is then as it was.
    package init(path: String) throws(SweepError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw Self.error("open", path: path, cure: "give --output a file in a folder that can be written")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .system(file: path, call: "open", message: "it is no regular file", cure: "give --output the name of a file")
        }
        try lock(offset: Self.lockBase - 1, type: F_WRLCK, waits: true)
        defer { unlock(offset: Self.lockBase - 1) }
        try readLines()
        try repair()
        oldFailures = Set(statuses.filter { $0.value == .failed }.keys)
    }

    deinit { close(descriptor) }

    /// What the file says of the point with this key, as far as it was read; nil without a line.
    package func status(ofKey key: String) -> Status? {
        mutex.withLock { statuses[key] }
    }

    /// Whether the file had the point as failed when it was opened, and nobody has run it since.
    package func failedBefore(key: String) -> Bool {
        mutex.withLock { oldFailures.contains(key) }
    }

    /// Takes a point, unless another thread or process has taken it and still runs it; reads what others appended.
    /// - Returns: whether the point is the caller's until `release`.
    package func claim(key: String) throws(SweepError) -> Bool {
        mutex.lock()
        defer { mutex.unlock() }
        let offset = Self.offset(ofKey: key)
        guard !claims.contains(offset), try lock(offset: offset, type: F_WRLCK, waits: false) else { return false }
        claims.insert(offset)
        try readLines()
        return true
    }

    /// Gives a point back.
    package func release(key: String) {
        mutex.lock()
        defer { mutex.unlock() }
        let offset = Self.offset(ofKey: key)
        guard claims.remove(offset) != nil else { return }
        unlock(offset: offset)
    }

    /// Appends a line with one write and waits until the disk has it.
    /// - Parameter line: without its line end; begins as `lineStart` and `status(inLine:)` have it.
    /// - Throws: `SweepError.system`; the file then ends as before.
    package func append(_ line: String) throws(SweepError) {
        mutex.lock()
        defer { mutex.unlock() }
        try lock(offset: Self.lockBase - 1, type: F_WRLCK, waits: true)
        defer { unlock(offset: Self.lockBase - 1) }
        try readLines()
        try repair()
        let bytes = Array((line + "\n").utf8)
        var written = write(descriptor, bytes, bytes.count)
        while written < 0, errno == EINTR { written = write(descriptor, bytes, bytes.count) }
        guard written == bytes.count else {
            let message = written < 0 ? String(cString: strerror(errno)) : "it took \(written) of \(bytes.count) bytes"
            let error = SweepError.system(
                file: path, call: "write", message: message, cure: "make room on the disk, and start the sweep again")
            _ = ftruncate(descriptor, off_t(readOffset))
            throw error
        }
        guard fsync(descriptor) == 0 else {
            throw Self.error("fsync", path: path, cure: "check the disk, and start the sweep again")
        }
        try readLines()
    }

    /// Key and status of a line; nil for one that no sweep wrote.
    package static func entry(inLine line: some Collection<UInt8>) -> (key: String, status: Status)? {
        let head = String(decoding: line.prefix(lineStart.utf8.count + keyDigits + 24), as: UTF8.self)
        if head.hasPrefix(lineStart), line.suffix(1).first == UInt8(ascii: "}") {
            let rest = head.dropFirst(lineStart.count)
            let after = rest.dropFirst(keyDigits)
            for status in [Status.ok, .failed] where after.hasPrefix("\",\"status\":\"\(status.rawValue)\"") {
                return (String(rest.prefix(keyDigits)), status)
            }
        }
        // A line that another program has written anew, with other spaces or another order.
        guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
            let key = object["key"] as? String, let status = (object["status"] as? String).flatMap(Status.init)
        else { return nil }
        return (key, status)
    }

    /// Reads the whole lines behind `readOffset`.
    private func readLines() throws(SweepError) {
        while true {
            let bytes = try read(at: readOffset)
            guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return }
            for line in bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                lineCount += 1
                guard !line.isEmpty else { continue }
                guard let entry = Self.entry(inLine: line) else { throw .foreignLine(file: path, line: lineCount) }
                statuses[entry.key] = entry.status
                oldFailures.remove(entry.key)
            }
            readOffset += Int64(end + 1)
        }
    }

    /// Bytes from `offset`: a mebibyte, or more until they hold a line end or the file ends.
    private func read(at offset: Int64) throws(SweepError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            var piece = [UInt8](repeating: 0, count: 1 << 20)
            let count = pread(descriptor, &piece, piece.count, off_t(offset) + off_t(bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.error("read", path: path, cure: "check the disk") }
            bytes += piece[..<count]
            if count == 0 || bytes.contains(UInt8(ascii: "\n")) { return bytes }
        }
    }

    /// Ends a last line that is whole but for its line end; removes one that is not. Only under the lock for appending.
    private func repair() throws(SweepError) {
        let tail = try read(at: readOffset)
        guard !tail.isEmpty else { return }
        if (try? JSONSerialization.jsonObject(with: Data(tail))) != nil, Self.entry(inLine: tail) != nil {
            guard write(descriptor, "\n", 1) == 1 else {
                throw Self.error("write", path: path, cure: "make room on the disk, and start the sweep again")
            }
            try readLines()
            return
        }
        let start = Array(Self.lineStart.utf8)
        guard tail.prefix(start.count).elementsEqual(start.prefix(tail.count)) else {
            throw .foreignLine(file: path, line: lineCount + 1)
        }
        guard ftruncate(descriptor, off_t(readOffset)) == 0 else {
            throw Self.error("ftruncate", path: path, cure: "remove the last line, which is not whole")
        }
    }

    /// The byte that stands for a point.
    private static func offset(ofKey key: String) -> UInt64 {
        lockBase | (UInt64(key.prefix(16), radix: 16) ?? 0) & (lockBase / 2 - 1)
    }

    private static func error(_ call: String, path: String, cure: String) -> SweepError {
        .system(file: path, call: call, message: String(cString: strerror(errno)), cure: cure)
    }
}

extension SweepFile {
    #if canImport(Darwin)
        private static let setLock: Int32 = 90
        private static let setLockAndWait: Int32 = 91
    #else
        private static let setLock: Int32 = 37
        private static let setLockAndWait: Int32 = 38
    #endif

    /// Locks one byte for this instance.
    /// - Returns: false where another holds it and the call is not to wait.
    @discardableResult
    private func lock(offset: UInt64, type: Int32, waits: Bool) throws(SweepError) -> Bool {
        var range = flock()
        range.l_type = Int16(type)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = off_t(offset)
        range.l_len = 1
        while fcntl(descriptor, waits ? Self.setLockAndWait : Self.setLock, &range) != 0 {
            if errno == EINTR { continue }
            if !waits, errno == EAGAIN || errno == EACCES { return false }
            throw Self.error(
                "fcntl", path: path,
                cure: "this file system has no locks; give each process a --shard and a file of its own elsewhere")
        }
        return true
    }

    private func unlock(offset: UInt64) {
        // Taking a lock back cannot fail on an open file that has it.
        _ = try? lock(offset: offset, type: Int32(F_UNLCK), waits: false)
    }
}
