import Foundation
import Report
import Trace

/// Writes a result piece by piece into an open output.
///
/// The first MiB waits, so that a command that fails early prints nothing.
final class ResultStream {
    private static let waitingBytes = 1 << 20

    private let file: OutputFile
    /// Nil in other formats than text.
    private let people: PeopleText?
    /// The place of a temporary file: beside the result, or where the system keeps such files.
    let temporaryDirectory: String
    private var waiting: [UInt8] = []

    /// - Parameters:
    ///   - path: the file's name; nil or `-` for standard output.
    ///   - format: in text format, each piece of text passes `PeopleText`, and consists of whole lines.
    ///   - wraps: whether long lines of text format are broken.
    init(_ file: OutputFile, path: String?, format: OutputFormat, wraps: Bool = true) {
        self.file = file
        people = format == .text ? PeopleText(path: path, wraps: wraps) : nil
        let folder = path.flatMap { $0 == "-" || $0.hasPrefix("/dev/") ? nil : $0 }
        temporaryDirectory =
            folder.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? NSTemporaryDirectory()
    }

    /// - Throws: `TraceError.system`.
    func write(_ text: String) throws {
        waiting.append(contentsOf: (people.map { $0(text) } ?? text).utf8)
        if waiting.count >= Self.waitingBytes { try flush() }
    }

    /// Writes the waiting text. The caller must also call it at the end.
    func flush() throws {
        defer { waiting.removeAll(keepingCapacity: true) }
        try file.output.write(waiting, at: TracePlace(file: file.output.name))
    }
}
