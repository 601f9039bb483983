import Trace

/// A text that has to follow another text which is not known yet. Beyond a MiB it waits in a temporary file.
struct WaitingText {
    private static let memoryBytes = 1 << 20

    private let directory: String?
    private var bytes: [UInt8] = []
    private var spool: SpoolFile?

    /// - Parameter directory: the place of the file; nil keeps everything in memory.
    init(directory: String?) {
        self.directory = directory
    }

    mutating func append(_ text: String) throws {
        bytes.append(contentsOf: text.utf8)
        guard let directory, bytes.count > Self.memoryBytes else { return }
        let spool = try self.spool ?? SpoolFile(directory: directory)
        self.spool = spool
        try spool.append(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    func write(to sink: TextSink) throws {
        var offset: UInt64 = 0
        // A piece may end within a character. The bytes of the character wait for the next piece.
        var rest: [UInt8] = []
        while let spool, offset < spool.byteCount {
            let piece = try spool.read(Self.memoryBytes, at: offset)
            offset += UInt64(piece.count)
            rest += piece
            let whole = rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            try sink(String(decoding: rest.prefix(whole), as: UTF8.self))
            rest.removeFirst(whole)
        }
        try sink(String(decoding: rest + bytes, as: UTF8.self))
    }
}
