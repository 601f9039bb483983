/// A temporary file without a name, which disappears with its owner. It holds what is written before its final place is
/// known.
package final class SpoolFile {
    private let descriptor: Int32
    private let place: TracePlace
    /// Bytes written so far.
    package private(set) var byteCount: UInt64 = 0

    /// Creates it in `directory`.
    /// - Throws: `TraceError.system`.
    package init(directory: String) throws(TraceError) {
        place = TracePlace(file: "temporary file in \(directory)")
        descriptor = try SystemCalls.createNameless(in: directory, place: place)
    }

    deinit { _ = SystemCalls.close(descriptor) }

    /// Appends bytes.
    /// - Throws: `TraceError.system`, for example where the disk is full.
    package func append(_ bytes: [UInt8]) throws(TraceError) {
        try SystemCalls.write(descriptor, bytes, place: place)
        byteCount += UInt64(bytes.count)
    }

    /// `count` bytes at `offset`; fewer only at the end.
    package func read(_ count: Int, at offset: UInt64) throws(TraceError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let received = try SystemCalls.read(
                descriptor, upTo: count - bytes.count, at: offset + UInt64(bytes.count), appendingTo: &bytes,
                place: place)
            if received == 0 { break }
        }
        return bytes
    }
}
