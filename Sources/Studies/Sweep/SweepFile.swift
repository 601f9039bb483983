import Foundation
import Trace

/// The file of a sweep's results. Each line is a JSON object with a checksum. Any number of processes share the file.
///
/// A line counts if it is whole, agrees with its checksum and is of this version of Weir. All other lines stay
/// unchanged and are reported. Only the unfinished last line of a killed writer is removed.
///
/// Locks are advisory locks on byte ranges of the file itself, far behind its end. One byte is for appending, and one
/// is for each point that is running. The locks belong to the open file (open file description locks). Two instances
/// therefore exclude each other in one process too. The system drops the locks when their process ends, however it
/// ends.
package final class SweepFile: @unchecked Sendable {
    /// The state of a point in the file.
    package enum Status: String, Sendable {
        case ok, failed
    }

    /// The beginning of every line. The point's key and status follow.
    package static let lineStart = "{\"key\":\""
    static let keyDigits = 32
    private static let lockBase: UInt64 = 1 << 62

    /// The state of reading the file.
    private struct Reading {
        var statuses: [String: Status] = [:]
        var report: SweepFileReport
        /// End of the last whole line that was read.
        var offset: Int64 = 0
        var lineCount = 0
        /// Whether any line is, or was, one of a sweep.
        var hasResults = false
        /// The first line that counts as damaged only because other lines are those of a sweep.
        var firstStrange: Int?

        init(file: String) {
            report = SweepFileReport(file: file)
        }
    }

    package let path: String
    private let descriptor: Int32
    /// Guards everything below, and appending, among the threads that share this instance.
    private let mutex = NSLock()
    private var reading: Reading
    /// Points that the file recorded as failed when it was opened, and that nobody has run again since.
    private var oldFailures: Set<String> = []
    private var claims: Set<UInt64> = []
    private var told: Set<String> = []

    /// Opens or creates the file, reads it, and removes a line that a killed writer left unfinished.
    /// - Throws: `SweepError.system`, or `.foreignLine` for a file that is not a sweep's. That file is not changed.
    package init(path: String) throws(SweepError) {
        self.path = path
        reading = Reading(file: path)
        descriptor = SystemCalls.openShared(path)
        guard descriptor >= 0 else {
            throw Self.error("open", path: path, cure: "give --output a file in a folder that can be written")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .system(
                file: path, call: "open", message: "it is no regular file", cure: "give --output the name of a file")
        }
        try lock(offset: Self.lockBase - 1, type: F_WRLCK, waits: true)
        defer { unlock(offset: Self.lockBase - 1) }
        try readLines(&reading)
        try repair()
        if let line = reading.firstStrange, !reading.hasResults { throw .foreignLine(file: path, line: line) }
        oldFailures = Set(reading.statuses.filter { $0.value == .failed }.keys)
    }

    deinit { close(descriptor) }

    /// The state of the point with this key in the part of the file that was read; nil without a line.
    package func status(ofKey key: String) -> Status? {
        mutex.withLock { reading.statuses[key] }
    }

    /// Whether the file recorded the point as failed when it was opened and nobody has run it since.
    package func failedBefore(key: String) -> Bool {
        mutex.withLock { oldFailures.contains(key) }
    }

    /// The notes on the file's lines that were not yet taken: one line for each kind of damage and each other version.
    package func takeNotes() -> [String] {
        mutex.withLock { reading.report.notes(runsAgain: true).filter { told.insert($0).inserted } }
    }

    /// Takes a point, unless another thread or process is running it. It also reads the lines that others appended.
    /// - Returns: whether the point is the caller's until `release`.
    package func claim(key: String) throws(SweepError) -> Bool {
        mutex.lock()
        defer { mutex.unlock() }
        let offset = Self.offset(ofKey: key)
        guard !claims.contains(offset), try lock(offset: offset, type: F_WRLCK, waits: false) else { return false }
        claims.insert(offset)
        try readLines(&reading)
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
    /// - Parameter line: a line without its end and checksum. It begins with `lineStart`.
    /// - Throws: `SweepError.system`; the file then ends as before. `.replaced` if the name now belongs to another
    ///   file.
    package func append(_ line: String) throws(SweepError) {
        mutex.lock()
        defer { mutex.unlock() }
        try lock(offset: Self.lockBase - 1, type: F_WRLCK, waits: true)
        defer { unlock(offset: Self.lockBase - 1) }
        try checkName()
        try readLines(&reading)
        try repair()
        try write(SweepChecksum.sealed(line) + [UInt8(ascii: "\n")])
        guard SystemCalls.systemSync(descriptor, as: .synchronize) else {
            throw Self.error("fsync", path: path, cure: "check the disk, and start the sweep again")
        }
        try readLines(&reading)
    }

    /// Reads the file again and checks that it still has every line that it had.
    /// - Throws: `SweepError.replaced` if the name now belongs to another file, or lines are missing.
    package func verify() throws(SweepError) {
        mutex.lock()
        defer { mutex.unlock() }
        try lock(offset: Self.lockBase - 1, type: F_WRLCK, waits: true)
        defer { unlock(offset: Self.lockBase - 1) }
        try checkName()
        var again = Reading(file: path)
        try readLines(&again)
        let lost = reading.statuses.keys.count { again.statuses[$0] == nil }
        guard lost == 0 else {
            throw .replaced(file: path, what: lost == 1 ? "a line of it was lost" : "\(lost) lines of it were lost")
        }
        again.report.removed = reading.report.removed
        reading = again
    }

    /// Checks that the name still stands for the open file, and that nobody has shortened it.
    private func checkName() throws(SweepError) {
        var named = stat()
        var open = stat()
        guard fstat(descriptor, &open) == 0 else { throw Self.error("fstat", path: path, cure: "check the disk") }
        guard stat(path, &named) == 0 else { throw .replaced(file: path, what: "it was deleted") }
        guard named.st_ino == open.st_ino, named.st_dev == open.st_dev else {
            throw .replaced(file: path, what: "another file was put in its place")
        }
        guard Int64(open.st_size) >= reading.offset else { throw .replaced(file: path, what: "it was cut shorter") }
    }

    /// Writes with one call. If the call fails, the bytes that it wrote are removed again.
    private func write(_ bytes: [UInt8]) throws(SweepError) {
        let written = SystemCalls.writeOnce(descriptor, bytes[...])
        guard written == bytes.count else {
            let message = written < 0 ? String(cString: strerror(errno)) : "it took \(written) of \(bytes.count) bytes"
            _ = SystemCalls.truncate(descriptor, to: reading.offset)
            throw .system(
                file: path, call: "write", message: message, cure: "make room on the disk, and start the sweep again")
        }
    }

    /// Reads the whole lines behind the last line that was read.
    private func readLines(_ reading: inout Reading) throws(SweepError) {
        while true {
            let bytes = try read(at: reading.offset)
            guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return }
            for line in bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                reading.lineCount += 1
                if !line.isEmpty { try take(Array(line), into: &reading) }
            }
            reading.offset += Int64(end + 1)
        }
    }

    private func take(_ line: [UInt8], into reading: inout Reading) throws(SweepError) {
        switch SweepLineVerdict(line) {
        case .whole(let stored) where stored.isCurrent:
            reading.hasResults = true
            reading.statuses[stored.key] = stored.status
            oldFailures.remove(stored.key)
        case .whole(let stored):
            reading.hasResults = true
            reading.report.addOther(version: stored.versionText)
        case .damaged(let damage):
            reading.report.add(damage, line: reading.lineCount)
            if damage != .strange {
                reading.hasResults = true
            } else if reading.firstStrange == nil {
                reading.firstStrange = reading.lineCount
            }
        case .foreign: throw .foreignLine(file: path, line: reading.lineCount)
        }
    }

    /// Reads a mebibyte from `offset`, or more until the bytes hold a line end or the file ends.
    private func read(at offset: Int64) throws(SweepError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            var piece = [UInt8](repeating: 0, count: 1 << 20)
            let count = pread(descriptor, &piece, piece.count, off_t(offset) + off_t(bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.error("read", path: path, cure: "check the disk") }
            bytes += piece[..<count]
            if count == 0 || piece[..<count].contains(UInt8(ascii: "\n")) { return bytes }
        }
    }

    /// Makes the next line begin on a line of its own. It removes a last line that a killed writer left unfinished, and
    /// ends any other one. The caller must hold the lock for appending.
    private func repair() throws(SweepError) {
        let tail = try read(at: reading.offset)
        guard !tail.isEmpty else { return }
        let start = Array(Self.lineStart.utf8)
        let verdict = SweepLineVerdict(tail)
        let isResults = verdict != .foreign && verdict != .damaged(.strange)
        if let line = reading.firstStrange, !reading.hasResults, !isResults {
            throw .foreignLine(file: path, line: line)
        }
        let isUnfinished = tail.count < start.count ? start.starts(with: tail) : verdict == .damaged(.cut)
        if isUnfinished {
            guard SystemCalls.truncate(descriptor, to: reading.offset) else {
                throw Self.error("ftruncate", path: path, cure: "remove the last line, which is not whole")
            }
            reading.report.removed = reading.lineCount + 1
            reading.hasResults = true
        } else if verdict == .foreign || !isResults && !reading.hasResults {
            throw .foreignLine(file: path, line: reading.lineCount + 1)
        } else {
            try write([UInt8(ascii: "\n")])
            try readLines(&reading)
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
    /// - Returns: false if another instance holds it and the call must not wait.
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
        // Releasing a lock cannot fail on an open file that holds it.
        _ = try? lock(offset: offset, type: Int32(F_UNLCK), waits: false)
    }
}
