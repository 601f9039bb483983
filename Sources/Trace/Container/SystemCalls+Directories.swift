#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension SystemCalls {
    /// Creates a directory. Errors name the destination.
    /// - Returns: false where the name is taken.
    static func createDirectory(_ path: String, for destination: String) throws(TraceError) -> Bool {
        if mkdir(path, 0o777) == 0 { return true }
        if errno == EEXIST { return false }
        throw lastError("mkdir", at: TracePlace(file: destination))
    }

    /// Gives a directory the permissions of another, if the other exists.
    static func copyPermissions(ofDirectory old: String, to new: String, for destination: String) throws(TraceError) {
        var status = stat()
        guard stat(old, &status) == 0 else { return }
        guard chmod(new, status.st_mode & 0o7777) == 0 else {
            throw lastError("chmod", at: TracePlace(file: destination))
        }
    }

    static func removeDirectory(_ path: String) {
        rmdir(path)
    }

    /// Whether the name belongs to nothing, or to a directory without entries.
    static func isMissingOrEmptyDirectory(_ path: String) throws(TraceError) -> Bool {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return true }
            if errno == ENOTDIR { return false }
            throw lastError("opendir", at: TracePlace(file: path))
        }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Every directory has entries for itself and its parent.
        return entries <= 2
    }
}
