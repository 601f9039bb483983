/// The text of a whole file in UTF-8.
package enum PlainText {
    /// Why a file is no UTF-8 text, or cannot be read.
    package struct Problem: Error, Equatable, Sendable {
        /// One clause, such as `this is a bzip2 stream, not a machine file`.
        package let cause: String
        /// One sentence without a full stop and without a capital at its beginning.
        package let cure: String

        init(cause: String, cure: String) {
            self.cause = cause
            self.cure = cure.prefix(1).lowercased() + cure.dropFirst()
        }
    }

    /// The text of a file, without the mark of UTF-8 that some editors write.
    /// - Parameters:
    ///   - path: of the file; nil for a pipe.
    ///   - wanted: what the file should be, with its article.
    /// - Throws: `Problem` for other encodings, compressed and binary files.
    package static func decode(_ bytes: some Collection<UInt8>, path: String?, wanted: String) throws(Problem) -> String
    {
        let head = Array(bytes.prefix(FileKind.headBytes))
        let compressed: FileKind? = FileKind.isGzip(head) ? .gzip : FileKind.isXZ(head) ? .xz : nil
        if let kind = compressed ?? FileKind.notText(head) {
            throw Problem(
                cause: "this is \(kind.name), not \(wanted)", cure: kind.cure(path: path, into: nil, wanted: wanted))
        }
        let plain = bytes.starts(with: FileKind.utf8Mark) ? AnyCollection(bytes.dropFirst(3)) : AnyCollection(bytes)
        guard let text = String(validating: plain, as: UTF8.self) else {
            throw Problem(
                cause: "this is not UTF-8 text",
                cure: FileKind("", .pipe("iconv -f LATIN1 -t UTF-8")).cure(
                    path: path, into: nil, wanted: wanted))
        }
        return text
    }
}
