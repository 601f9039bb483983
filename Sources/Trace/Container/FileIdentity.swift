#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which file a name or descriptor stands for, however the name is spelt and whatever links it leads through. An
/// existing file is identified by its device and inode. A missing one is identified by the device and inode of its
/// folder, and by its name in the folder.
package struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let name: String?

    /// The identity of the file that this name has or would have.
    /// - Returns: nil for terminals and other devices, which many processes may share, and where even the folder is
    ///   missing.
    package init?(path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            self.init(status)
            return
        }
        guard let resolved = try? OutputPlace.destination(of: path) else { return nil }
        let (folder, name) = OutputPlace.parts(of: resolved)
        guard stat(folder, &status) == 0 else { return nil }
        self.init(status, name: name)
    }

    /// The identity of the file that an open descriptor stands for.
    /// - Returns: nil for terminals and other devices, and for a descriptor that is not open.
    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init?(_ status: stat, name: String? = nil) {
        guard [S_IFREG, S_IFIFO, S_IFDIR].contains(status.st_mode & S_IFMT) else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
        self.name = name
    }
}
