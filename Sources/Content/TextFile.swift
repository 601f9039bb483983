import Foundation

extension PlainText {
    /// Reads a file of UTF-8 text.
    /// - Parameters:
    ///   - wanted: what the file should be, with its article.
    ///   - limit: most bytes that the file may have.
    /// - Throws: `Problem` where the path has no file, where it is a directory, where the file is too long, and where
    ///   `decode` throws.
    package static func read(path: String, wanted: String, limit: Int = 1 << 31) throws(Problem) -> String {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw unreadable(path, wanted: wanted)
        }
        guard data.count <= limit else {
            throw Problem(cause: "this is longer than \(limit) bytes", cure: "Give \(wanted)")
        }
        return try decode(data, path: path, wanted: wanted)
    }

    /// Why a file could not be opened or read.
    package static func unreadable(_ path: String, wanted: String) -> Problem {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return Problem(cause: "there is no such file", cure: "Check the path")
        }
        return isDirectory.boolValue
            ? Problem(cause: "this is a directory, not \(wanted)", cure: "Give a file in it")
            : Problem(cause: "the file cannot be read", cure: "Check its permissions")
    }
}
