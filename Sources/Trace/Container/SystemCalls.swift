#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The few system calls that traces and outputs need. Interrupted calls are repeated, and errors are `TraceError`s.
/// Calls that write ask the test's `SystemCallProbe`, if there is one.
package enum SystemCalls {
    /// Whether a test lets this call fail. `errno` then says how.
    static func fails(_ call: SystemCallProbe.Call) -> Bool {
        guard let number = SystemCallProbe.current?.errorNumber(of: call) else { return false }
        errno = number
        return true
    }

    static func lastError(_ call: String, at place: TracePlace) -> TraceError {
        .system(place, call: call, message: String(cString: strerror(errno)))
    }

    static func openForReading(_ path: String) throws(TraceError) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError("open", at: TracePlace(file: path)) }
        return descriptor
    }

    /// Opens an existing pipe or device for writing.
    static func openForWriting(_ path: String) throws(TraceError) -> Int32 {
        let descriptor = fails(.open) ? -1 : open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError("open", at: TracePlace(file: path)) }
        return descriptor
    }

    /// Creates a file that becomes `destination` later; nil where a file has this name already. Errors name the
    /// destination.
    static func create(_ path: String, for destination: String) throws(TraceError) -> Int32? {
        let descriptor = fails(.open) ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor < 0, errno == EEXIST { return nil }
        guard descriptor >= 0 else { throw lastError("open", at: TracePlace(file: destination)) }
        return descriptor
    }

    /// Creates a file for reading and writing in `directory` and removes its name at once.
    static func createNameless(in directory: String, place: TracePlace) throws(TraceError) -> Int32 {
        var template = Array((directory + "/weir-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw lastError("mkstemp", at: place) }
        template.withUnsafeBufferPointer { name in
            if let name = name.baseAddress { unlink(name) }
        }
        return descriptor
    }

    /// Opens or creates a file that several processes read and append to.
    /// - Returns: -1 with `errno` where that fails.
    package static func openShared(_ path: String) -> Int32 {
        fails(.open) ? -1 : open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    }

    /// A second descriptor of what `descriptor` has open. Its number is above those of the standard streams.
    static func duplicate(_ descriptor: Int32, path: String) throws(TraceError) -> Int32 {
        let result = fails(.open) ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard result >= 0 else { throw lastError("open", at: TracePlace(file: path)) }
        return result
    }

    static func setPermissions(_ permissions: mode_t, of descriptor: Int32, place: TracePlace) throws(TraceError) {
        guard fchmod(descriptor, permissions) == 0 else { throw lastError("fchmod", at: place) }
    }

    static func close(_ descriptor: Int32) -> Bool {
        // Even a close that fails closes the descriptor, so the real call is made in any case.
        let isToFail = fails(.close)
        let number = errno
        let isClosed = systemClose(descriptor)
        if isToFail { errno = number }
        return isClosed && !isToFail
    }

    /// Waits until the disk has a file's bytes.
    static func synchronize(_ descriptor: Int32, place: TracePlace) throws(TraceError) {
        guard systemSync(descriptor, as: .synchronize) else { throw lastError("fsync", at: place) }
    }

    /// Waits until the disk has the names in a folder. Errors name the file whose name is waited for.
    static func synchronizeDirectory(_ path: String, for destination: String) throws(TraceError) {
        let place = TracePlace(file: destination)
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // A folder that may be written but not read cannot be opened. So nothing can wait for it.
            if errno == EACCES { return }
            throw lastError("open", at: place)
        }
        defer { _ = systemClose(descriptor) }
        guard systemSync(descriptor, as: .synchronizeDirectory) else { throw lastError("fsync", at: place) }
    }

    /// Calls fsync until no signal interrupts it. A file system without such a call has nothing to wait for.
    /// - Returns: whether it succeeded.
    package static func systemSync(_ descriptor: Int32, as call: SystemCallProbe.Call) -> Bool {
        var status = fails(call) ? -1 : fsync(descriptor)
        while status != 0, errno == EINTR { status = fsync(descriptor) }
        return status == 0 || errno == EINVAL || errno == ENOTSUP
    }

    private static func systemClose(_ descriptor: Int32) -> Bool {
        #if canImport(Glibc)
            Glibc.close(descriptor) == 0
        #elseif canImport(Musl)
            Musl.close(descriptor) == 0
        #else
            Darwin.close(descriptor) == 0
        #endif
    }

    /// Whether a descriptor is open for writing.
    package static func isOpenForWriting(_ descriptor: Int32) -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        return flags >= 0 && flags & O_ACCMODE != O_RDONLY
    }

    /// Appends up to `count` bytes. They are read at `offset`, or at the descriptor's own position where `offset` is
    /// nil.
    /// - Returns: the number of bytes appended; 0 at the end of the input.
    static func read(
        _ descriptor: Int32, upTo count: Int, at offset: UInt64?, appendingTo bytes: inout [UInt8], place: TracePlace
    ) throws(TraceError) -> Int {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        while true {
            let received = bytes.withUnsafeMutableBytes { buffer in
                let target = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
                return if let offset {
                    pread(descriptor, target.baseAddress, count, off_t(truncatingIfNeeded: offset))
                } else {
                    systemRead(descriptor, target.baseAddress, count)
                }
            }
            if received < 0, errno == EINTR { continue }
            let error = received < 0 ? lastError("read", at: place) : nil
            bytes.removeLast(count - max(received, 0))
            if let error { throw error }
            return received
        }
    }

    private static func systemRead(_ descriptor: Int32, _ target: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, target, count)
        #elseif canImport(Musl)
            Musl.read(descriptor, target, count)
        #else
            Darwin.read(descriptor, target, count)
        #endif
    }

    /// Writes all bytes, with as many calls as that takes.
    static func write(_ descriptor: Int32, _ bytes: [UInt8], place: TracePlace) throws(TraceError) {
        var done = 0
        while done < bytes.count {
            let sent = writeOnce(descriptor, bytes[done...])
            guard sent >= 0 else { throw lastError("write", at: place) }
            done += sent
        }
    }

    /// Writes with one call, which is repeated only where a signal interrupts it.
    /// - Returns: the number of bytes that the call took; -1 with `errno` where it failed.
    package static func writeOnce(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
        if fails(.write) { return -1 }
        return bytes.withUnsafeBytes { buffer in
            while true {
                #if canImport(Glibc)
                    let sent = Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    let sent = Musl.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                    let sent = Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
                if sent < 0, errno == EINTR { continue }
                return sent
            }
        }
    }

    /// Cuts a file to a length.
    /// - Returns: whether it succeeded; `errno` says why not.
    package static func truncate(_ descriptor: Int32, to byteCount: Int64) -> Bool {
        !fails(.truncate) && ftruncate(descriptor, off_t(byteCount)) == 0
    }

    /// Length of a regular file; nil for pipes and devices.
    static func regularFileByteCount(_ descriptor: Int32, place: TracePlace) throws(TraceError) -> UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw lastError("fstat", at: place) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(max(status.st_size, 0))
    }

    /// Gives a file its name. Errors name `destination`, the file as the user calls it.
    static func rename(_ old: String, to new: String, for destination: String) throws(TraceError) {
        guard !fails(.rename) else { throw lastError("rename", at: TracePlace(file: destination)) }
        #if canImport(Glibc)
            let status = Glibc.rename(old, new)
        #elseif canImport(Musl)
            let status = Musl.rename(old, new)
        #else
            let status = Darwin.rename(old, new)
        #endif
        guard status == 0 else { throw lastError("rename", at: TracePlace(file: destination)) }
    }

    static func remove(_ path: String) {
        _ = fails(.remove)
        unlink(path)
    }

    static var processIdentifier: Int32 { getpid() }
}
