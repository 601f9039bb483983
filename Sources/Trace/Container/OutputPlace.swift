#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the bytes for an output's name are written.
enum OutputPlace {
    /// A regular file, which is replaced as a whole, or a file that does not exist yet. `permissions` are those of the
    /// existing file.
    case file(destination: String, permissions: mode_t?)
    /// A pipe or device, which is written in place.
    case special
    /// One of the process's own descriptors, as `/dev/stdout` names it.
    case descriptor(Int32)

    /// Most links that one name may lead through.
    private static let linkLimit = 40

    /// Finds the place of an output's name.
    ///
    /// - Throws: `TraceError.system` where the folder is missing, where the name belongs to a folder, or where no file
    ///   can have the name, for example because it is too long. These must be checked here, because the partial file
    ///   has another name and would not reveal them.
    init(path: String) throws(TraceError) {
        let destination = try Self.destination(of: path)
        let (folder, name) = Self.parts(of: destination)
        if folder == "/dev/fd" || folder == "/proc/\(SystemCalls.processIdentifier)/fd", let number = Int32(name) {
            self = .descriptor(number)
            return
        }
        var status = stat()
        guard stat(destination, &status) == 0 else {
            guard errno == ENOENT else { throw SystemCalls.lastError("open", at: TracePlace(file: path)) }
            self = .file(destination: destination, permissions: nil)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file(destination: destination, permissions: status.st_mode & 0o7777)
        case S_IFDIR:
            errno = EISDIR
            throw SystemCalls.lastError("open", at: TracePlace(file: path))
        default: self = .special
        }
    }

    /// The name behind all symbolic links, including links that lead to nothing yet. Its folder has no link in it.
    /// - Throws: `TraceError.system` where the folder is missing.
    static func destination(of path: String) throws(TraceError) -> String {
        var current = path
        for _ in 0..<linkLimit {
            let (folder, name) = parts(of: current)
            guard !name.isEmpty, name != ".", name != ".." else {
                errno = EISDIR
                throw SystemCalls.lastError("open", at: TracePlace(file: path))
            }
            guard let resolved = realpath(folder, nil) else {
                throw SystemCalls.lastError("open", at: TracePlace(file: path))
            }
            let real = String(cString: resolved)
            free(resolved)
            let full = real == "/" ? "/" + name : "\(real)/\(name)"
            // Links below /proc/PROCESS/fd stand for open files. Their texts are not paths.
            guard !real.hasPrefix("/proc/"), let target = link(full) else { return full }
            current = target.hasPrefix("/") ? target : "\(real)/\(target)"
        }
        errno = ELOOP
        throw SystemCalls.lastError("open", at: TracePlace(file: path))
    }

    /// A path's folder and the name in it.
    static func parts(of path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }

    /// The target of a symbolic link; nil for anything else.
    private static func link(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return -1 }
            return readlink(path, start.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
