/// Where a trace is written: an open file, pipe or socket, or memory.
///
/// A closed pipe gives an error only where the process ignores SIGPIPE. The command does so.
package struct ByteOutput {
    private enum Target {
        case descriptor(Int32)
        case memory(Buffer)
    }

    /// Bytes written to memory. All who hold the buffer share them.
    package final class Buffer {
        package fileprivate(set) var bytes: [UInt8] = []
        package init() {}
    }

    /// Name for errors.
    package let name: String?
    private let target: Target

    /// Writes to an open descriptor. The caller closes it.
    package init(descriptor: Int32, name: String? = nil) {
        self.name = name
        target = .descriptor(descriptor)
    }

    /// Writes to memory.
    package init(buffer: Buffer, name: String? = nil) {
        self.name = name
        target = .memory(buffer)
    }

    /// Writes all bytes.
    /// - Throws: `TraceError.system` with `place`.
    package func write(_ bytes: [UInt8], at place: TracePlace) throws(TraceError) {
        switch target {
        case .descriptor(let descriptor): try SystemCalls.write(descriptor, bytes, place: place)
        case .memory(let buffer): buffer.bytes.append(contentsOf: bytes)
        }
    }
}
