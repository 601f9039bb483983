import Foundation
import Trace

/// Writes a result piece by piece: to standard output, or to a file that appears under its name only once it is whole.
///
/// The first MiB waits, so that a command which fails early prints nothing.
final class ResultStream {
    private static let waitingBytes = 1 << 20

    private let file: AtomicFile?
    private let output: ByteOutput?
    private let place: TracePlace
    private var waiting: [UInt8] = []

    /// - Parameter path: nil or `-` is standard output.
    /// - Throws: `TraceError.system` with the path.
    init(path: String?) throws {
        let isFile = path != nil && path != "-"
        file = try isFile ? AtomicFile(path: path ?? "") : nil
        output = try file?.output()
        place = TracePlace(file: isFile ? path : "standard output")
    }

    /// Where a temporary file may lie: beside the result, or where the system keeps such files.
    var temporaryDirectory: String {
        file.map { URL(fileURLWithPath: $0.path).deletingLastPathComponent().path } ?? NSTemporaryDirectory()
    }

    /// - Throws: `TraceError.system`.
    func write(_ text: String) throws {
        waiting.append(contentsOf: text.utf8)
        if waiting.count >= Self.waitingBytes { try flush() }
    }

    /// Writes what waits and gives the file its name. Call once, at the end.
    func commit() throws {
        try flush()
        try file?.commit()
    }

    private func flush() throws {
        defer { waiting.removeAll(keepingCapacity: true) }
        if let output { return try output.write(waiting, at: place) }
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(waiting))
        } catch {
            throw TraceError.system(place, call: "write", message: "the reader is gone or the disk is full")
        }
    }
}
