import Content
import Foundation
import Report
import Trace

/// Writes a result piece by piece into an output that is open already.
///
/// The first MiB waits, so that a command which fails early prints nothing.
final class ResultStream {
    private static let waitingBytes = 1 << 20

    private let file: OutputFile
    private let format: OutputFormat
    /// Where a temporary file may lie: beside the result, or where the system keeps such files.
    let temporaryDirectory: String
    private var waiting: [UInt8] = []

    /// - Parameters:
    ///   - path: what names the file; nil or `-` is standard output.
    ///   - format: in text, what no terminal shows stands as escapes.
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

    /// Writes what waits. To be called at the end too.
    func flush() throws {
        defer { waiting.removeAll(keepingCapacity: true) }
        try file.output.write(waiting, at: TracePlace(file: file.output.name))
    }
}
