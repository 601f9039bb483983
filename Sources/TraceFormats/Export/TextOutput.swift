import Trace

/// Text on its way to a file or pipe, written in pieces of a mebibyte.
struct TextOutput: ~Copyable {
    private static let pieceBytes = 1 << 20

    private let output: ByteOutput
    /// Text that is not written yet. Callers append to it and call `flushIfFull` between lines.
    var text = TextBuffer(capacity: 2 * pieceBytes)
    private var written: UInt64 = 0

    init(_ output: ByteOutput) {
        self.output = output
    }

    /// Bytes that were written or are waiting.
    var byteCount: UInt64 { written + UInt64(text.count) }

    @inline(__always)
    mutating func flushIfFull() throws(TraceError) {
        if text.count >= Self.pieceBytes { try flush() }
    }

    /// Writes the waiting text.
    /// - Throws: `TraceError.system`.
    mutating func flush() throws(TraceError) {
        guard text.count > 0 else { return }
        try output.write(Array(text.bytes), at: TracePlace(file: output.name, byteOffset: written))
        written += UInt64(text.count)
        text.removeAll(keeping: 2 * Self.pieceBytes)
    }
}
