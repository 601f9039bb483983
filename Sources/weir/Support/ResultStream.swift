import Content
import Foundation
import Report
import Trace

/// Writes a result piece by piece into an open output.
///
/// The first MiB waits, so that a command that fails early prints nothing.
final class ResultStream {
    private static let waitingBytes = 1 << 20

    private let file: OutputFile
    private let format: OutputFormat
    /// The place of a temporary file: beside the result, or where the system keeps such files.
    let temporaryDirectory: String
    private var waiting: [UInt8] = []

    /// - Parameters:
    ///   - path: the file's name; nil or `-` for standard output.
    ///   - format: in text format, characters that a terminal does not show become escapes.
    init(_ file: OutputFile, path: String?, format: OutputFormat) {
        self.file = file
        self.format = format
        let folder = path.flatMap { $0 == "-" || $0.hasPrefix("/dev/") ? nil : $0 }
        temporaryDirectory =
            folder.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? NSTemporaryDirectory()
    }

    /// - Throws: `TraceError.system`.
    func write(_ text: String) throws {
        waiting.append(contentsOf: (format == .text ? text.asPrintableLines : text).utf8)
        if waiting.count >= Self.waitingBytes { try flush() }
    }

    /// Writes the waiting text. The caller must also call it at the end.
    func flush() throws {
        defer { waiting.removeAll(keepingCapacity: true) }
        try file.output.write(waiting, at: TracePlace(file: file.output.name))
    }
}
