import Trace

/// Sorts records that arrive in any order of blocks into the order of blocks, in bounded memory. Records that do not
/// fit are sorted in runs, which wait in a temporary file and are merged at the end. Records of a block keep their
/// order.
struct RecordSorter: ~Copyable {
    /// Plain bytes of records that are held in memory before a run is written.
    private let runBytes: Int
    private let directory: String
    private var bytes: [UInt8] = []
    /// Key and place of each record in `bytes`.
    private var entries: [Entry] = []
    private var spool: SpoolFile?
    private var runs: [Range<UInt64>] = []

    private struct Entry {
        var key: Key
        var start: Int
        var count: Int
    }

    /// The key by which records are ordered.
    struct Key: Comparable {
        var launch: UInt32
        var block: UInt32

        @inline(__always)
        static func < (left: Key, right: Key) -> Bool {
            (left.launch, left.block) < (right.launch, right.block)
        }
    }

    init(directory: String, runBytes: Int = 128 << 20) {
        self.directory = directory
        self.runBytes = runBytes
    }

    /// Adds a record. `body` appends it to the bytes that it is given.
    /// - Throws: `TraceError.system` where the temporary file cannot be written.
    mutating func add(key: Key, _ body: (inout [UInt8]) -> Void) throws(TraceError) {
        let start = bytes.count
        body(&bytes)
        entries.append(Entry(key: key, start: start, count: bytes.count - start))
        if bytes.count + entries.count * MemoryLayout<Entry>.stride >= runBytes { try writeRun() }
    }

    private mutating func sort() {
        // Equal keys are ordered by place, which is the order of arrival.
        entries.sort { ($0.key.launch, $0.key.block, $0.start) < ($1.key.launch, $1.key.block, $1.start) }
    }

    private mutating func writeRun() throws(TraceError) {
        sort()
        if self.spool == nil { self.spool = try SpoolFile(directory: directory) }
        guard let spool else { return }
        let start = spool.byteCount
        var piece: [UInt8] = []
        for entry in entries {
            piece.appendLittleEndian(UInt64(entry.key.launch) << 32 | UInt64(entry.key.block))
            piece.appendLittleEndian(UInt64(entry.count))
            piece.append(contentsOf: bytes[entry.start..<(entry.start + entry.count)])
            if piece.count >= 1 << 20 {
                try spool.append(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        try spool.append(piece)
        runs.append(start..<spool.byteCount)
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Passes every record to `body`, in sorted order.
    consuming func drain(_ body: (Key, ArraySlice<UInt8>) throws -> Void) throws {
        guard let spool else {
            sort()
            for entry in entries { try body(entry.key, bytes[entry.start..<(entry.start + entry.count)]) }
            return
        }
        if !entries.isEmpty { try writeRun() }
        bytes = []
        entries = []
        var readers: [RunReader] = []
        for run in runs { readers.append(try RunReader(spool: spool, range: run)) }
        while true {
            var first = -1
            for place in readers.indices where readers[place].hasRecord {
                if first < 0 || readers[place].key < readers[first].key { first = place }
            }
            guard first >= 0 else { return }
            try body(readers[first].key, readers[first].record)
            try readers[first].advance()
        }
    }
}

/// Reads one sorted run back.
private struct RunReader {
    private static let pieceBytes = 256 << 10
    private let spool: SpoolFile
    private var offset: UInt64
    private let end: UInt64
    private var piece: [UInt8] = []
    private var start = 0
    private(set) var key = RecordSorter.Key(launch: 0, block: 0)
    private(set) var hasRecord = false
    private var count = 0

    init(spool: SpoolFile, range: Range<UInt64>) throws(TraceError) {
        self.spool = spool
        offset = range.lowerBound
        end = range.upperBound
        try advance()
    }

    var record: ArraySlice<UInt8> { piece[start..<(start + count)] }

    /// Goes to the next record.
    mutating func advance() throws(TraceError) {
        start += count
        hasRecord = try has(16)
        guard hasRecord else { return }
        let word = piece.littleEndian64(at: start)
        key = RecordSorter.Key(launch: UInt32(word >> 32), block: UInt32(truncatingIfNeeded: word))
        count = Int(piece.littleEndian64(at: start + 8))
        start += 16
        _ = try has(count)
    }

    /// Reads on until `needed` bytes are there.
    /// - Returns: whether there are so many.
    private mutating func has(_ needed: Int) throws(TraceError) -> Bool {
        if piece.count - start >= needed { return true }
        let left = Int(end - offset)
        let wanted = min(left, max(needed, Self.pieceBytes))
        let more = try spool.read(wanted, at: offset)
        offset += UInt64(more.count)
        piece = Array(piece[start...]) + more
        start = 0
        return piece.count >= needed
    }
}
