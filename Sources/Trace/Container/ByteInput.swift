/// Bytes to read a trace from: a file, a pipe or memory.
package final class ByteInput {
    private enum Origin {
        case descriptor(Int32, closes: Bool)
        case memory([UInt8])
    }

    /// Name for errors.
    package let name: String?
    /// The file's path; nil for pipes and memory.
    package let path: String?
    /// Bytes read in sequence so far.
    package private(set) var position: UInt64 = 0
    private let origin: Origin
    /// Bytes that were peeked at and not read yet.
    private var peeked: [UInt8] = []
    /// Most bytes that one read call asks for, so that a false length costs no memory.
    private static let stepBytes = 1 << 20

    /// Opens a file.
    package init(path: String) throws(TraceError) {
        name = path
        self.path = path
        origin = .descriptor(try SystemCalls.openForReading(path), closes: true)
    }

    /// Reads from an open descriptor. The descriptor stays open.
    package init(descriptor: Int32, name: String? = nil) {
        self.name = name
        path = nil
        origin = .descriptor(descriptor, closes: false)
    }

    /// Reads from memory.
    package init(bytes: [UInt8], name: String? = nil) {
        self.name = name
        path = nil
        origin = .memory(bytes)
    }

    deinit {
        if case .descriptor(let descriptor, closes: true) = origin { _ = SystemCalls.close(descriptor) }
    }

    /// The next `count` bytes; fewer only where the input ends.
    package func read(_ count: Int) throws(TraceError) -> [UInt8] {
        guard !peeked.isEmpty else {
            let bytes = try gather(count, from: nil)
            position += UInt64(bytes.count)
            return bytes
        }
        _ = try peek(count)
        let bytes = Array(peeked.prefix(count))
        peeked.removeFirst(bytes.count)
        position += UInt64(bytes.count)
        return bytes
    }

    /// The next `count` bytes; fewer only where the input ends. They stay to be read.
    package func peek(_ count: Int) throws(TraceError) -> [UInt8] {
        if peeked.count < count {
            // Bytes in memory stand at `position`, which has not moved yet.
            switch origin {
            case .memory: peeked = try gather(count, from: nil)
            case .descriptor: peeked += try gather(count - peeked.count, from: nil)
            }
        }
        return Array(peeked.prefix(count))
    }

    /// `count` bytes at `offset`; fewer only where the input ends. It leaves `position` alone.
    func read(_ count: Int, at offset: UInt64) throws(TraceError) -> [UInt8] {
        try gather(count, from: offset)
    }

    private func gather(_ count: Int, from offset: UInt64?) throws(TraceError) -> [UInt8] {
        switch origin {
        case .memory(let bytes):
            let start = min(offset ?? position, UInt64(bytes.count))
            let end = min(start + UInt64(count), UInt64(bytes.count))
            return Array(bytes[Int(start)..<Int(end)])
        case .descriptor(let descriptor, _):
            var bytes: [UInt8] = []
            while bytes.count < count {
                let received = try SystemCalls.read(
                    descriptor, upTo: min(count - bytes.count, Self.stepBytes),
                    at: offset.map { $0 + UInt64(bytes.count) }, appendingTo: &bytes,
                    place: TracePlace(file: name, byteOffset: (offset ?? position) + UInt64(bytes.count)))
                if received == 0 { break }
            }
            return bytes
        }
    }

    /// Length of the input.
    /// - Throws: `TraceError.misuse` for a pipe, which has none.
    func byteCount() throws(TraceError) -> UInt64 {
        switch origin {
        case .memory(let bytes):
            return UInt64(bytes.count)
        case .descriptor(let descriptor, _):
            let place = TracePlace(file: name)
            guard let count = try SystemCalls.regularFileByteCount(descriptor, place: place) else {
                throw .misuse(
                    place, problem: "a pipe or device cannot be read at any block",
                    remedy: "Read it as a stream, or save it to a file first")
            }
            return count
        }
    }
}
