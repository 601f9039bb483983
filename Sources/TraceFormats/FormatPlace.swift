/// Where in a foreign trace something was found.
package struct FormatPlace: Equatable, Sendable, CustomStringConvertible {
    /// File name, or `standard input`.
    package var file: String
    /// Line of the plain text, from 1; nil where the error is about the whole file.
    package var line: UInt64?
    /// Record of a binary file, from 1; nil where the error is about the whole file.
    package var record: UInt64?

    package init(file: String, line: UInt64? = nil, record: UInt64? = nil) {
        self.file = file
        self.line = line
        self.record = record
    }

    /// A text such as `kernel-1.traceg, line 17`.
    package var description: String {
        file + (line.map { ", line \($0)" } ?? "") + (record.map { ", record \($0)" } ?? "")
    }
}
