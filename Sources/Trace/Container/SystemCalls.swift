#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The few system calls that traces need, with interrupted calls repeated and errors as `TraceError`.
enum SystemCalls {
    static func lastError(_ call: String, at place: TracePlace) -> TraceError {
        .system(place, call: call, message: String(cString: strerror(errno)))
    }

    static func openForReading(_ path: String) throws(TraceError) -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError("open", at: TracePlace(file: path)) }
        return descriptor
    }

    /// Opens an existing file, pipe or device for writing.
    static func openForWriting(_ path: String) throws(TraceError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError("open", at: TracePlace(file: path)) }
        return descriptor
    }

    /// Creates a file that becomes `destination` later; nil where one of this name exists. Errors name the destination.
    static func create(_ path: String, for destination: String) throws(TraceError) -> Int32? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
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

    static func close(_ descriptor: Int32) -> Bool {
        #if canImport(Glibc)
            Glibc.close(descriptor) == 0
        #elseif canImport(Musl)
            Musl.close(descriptor) == 0
        #else
            Darwin.close(descriptor) == 0
        #endif
    }

    /// Appends up to `count` bytes, read at `offset` or, where that is nil, at the descriptor's own position.
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

    /// Writes all bytes, however many calls that takes.
    static func write(_ descriptor: Int32, _ bytes: [UInt8], place: TracePlace) throws(TraceError) {
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
                #if canImport(Glibc)
                    return Glibc.write(descriptor, rest.baseAddress, rest.count)
                #elseif canImport(Musl)
                    return Musl.write(descriptor, rest.baseAddress, rest.count)
                #else
                    return Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
            }
            if sent < 0 {
                if errno == EINTR { continue }
                throw lastError("write", at: place)
            }
            done += sent
        }
    }

    /// Length of a regular file; nil for pipes and devices.
    static func regularFileByteCount(_ descriptor: Int32, place: TracePlace) throws(TraceError) -> UInt64? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw lastError("fstat", at: place) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(max(status.st_size, 0))
    }

    /// Whether `path` names something that exists and is not a regular file, such as a pipe or `/dev/stdout`.
    static func isSpecialFile(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT != S_IFREG
    }

    /// The path with symbolic links resolved; the path itself where it does not exist.
    static func resolvedPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func rename(_ old: String, to new: String) throws(TraceError) {
        #if canImport(Glibc)
            let status = Glibc.rename(old, new)
        #elseif canImport(Musl)
            let status = Musl.rename(old, new)
        #else
            let status = Darwin.rename(old, new)
        #endif
        guard status == 0 else { throw lastError("rename", at: TracePlace(file: new)) }
    }

    static func remove(_ path: String) {
        unlink(path)
    }

    static var processIdentifier: Int32 { getpid() }
}
