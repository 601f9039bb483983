/// Reads a `.weir` file at any launch and block, through the index at its end.
///
/// Opening checks header, trailer, index and launch records. Chunks are checked when they are read. Memory holds the
/// index (32 bytes a chunk), the launch headers, and one decoded chunk for each source.
package final class TraceFileReader {
    /// The place of a chunk, and the blocks that it has.
    struct Chunk {
        var offset: UInt64
        /// Offset of the record after it.
        var end: UInt64
        var firstBlock: Int
        var blockCount: Int
    }

    let input: ByteInput
    /// Name of the program that wrote the trace.
    package let producer: String
    /// The launches of the file, in order.
    package private(set) var launches: [KernelLaunch] = []
    /// Length of the file in bytes.
    package let byteCount: UInt64
    private(set) var chunks: [[Chunk]] = []

    /// Opens the file at `path`.
    package convenience init(path: String) throws(TraceError) {
        try self.init(ByteInput(path: path))
    }

    /// Reads header, trailer, index and launch records.
    /// - Throws: `TraceError`; `.misuse` for a pipe.
    package init(_ input: ByteInput) throws(TraceError) {
        self.input = input
        byteCount = try input.byteCount()
        let (header, headerByteCount) = try FileHeader.read(from: input, sequentially: false)
        producer = header.producer
        let entries = try Self.readIndex(input, byteCount: byteCount, firstOffset: UInt64(headerByteCount))
        for (entry, end) in entries {
            switch entry.header.kind {
            case .launch:
                chunks.append([])
                let place = TracePlace(
                    file: input.name, part: .launchRecord, launch: launches.count, byteOffset: entry.offset)
                let plain = try Self.readRecord(input, entry, end: end, place: place)
                launches.append(try LaunchRecord.decode(plain, blockCount: Int(entry.header.blockCount), place: place))
            case .chunk:
                chunks[chunks.count - 1].append(
                    Chunk(
                        offset: entry.offset, end: end, firstBlock: Int(entry.header.firstBlock),
                        blockCount: Int(entry.header.blockCount)))
            case .index:
                break
            }
        }
    }

    /// The programs of launch `number`. Blocks can be asked for in any order. Increasing order is fastest. Sources are
    /// independent of each other.
    /// - Throws: `TraceError.misuse` for a number out of range.
    package func source(launch number: Int) throws(TraceError) -> FileLaunch {
        guard launches.indices.contains(number) else {
            throw .misuse(
                TracePlace(file: input.name), problem: "launch \(number) of \(launches.count) was asked for",
                remedy: "Launches are numbered from 0")
        }
        return FileLaunch(launch: launches[number], number: number, reader: self)
    }

    /// How many chunks launch `number` has.
    package func chunkCount(ofLaunch number: Int) -> Int { chunks[number].count }

    /// The plain bytes of a chunk, checked.
    func readChunk(_ number: Int, ofLaunch launch: Int) throws(TraceError) -> (plain: [UInt8], place: TracePlace) {
        let chunk = chunks[launch][number]
        let place = TracePlace(file: input.name, part: .chunk, launch: launch, chunk: number, byteOffset: chunk.offset)
        let entry = IndexEntry(
            offset: chunk.offset,
            header: RecordHeader(
                kind: .chunk, launch: UInt32(truncatingIfNeeded: launch), number: UInt32(truncatingIfNeeded: number),
                firstBlock: UInt32(truncatingIfNeeded: chunk.firstBlock),
                blockCount: UInt32(truncatingIfNeeded: chunk.blockCount)))
        return (try Self.readRecord(input, entry, end: chunk.end, place: place), place)
    }

    /// Reads trailer and index.
    /// - Returns: the entries, each with the offset at which its record must end.
    private static func readIndex(
        _ input: ByteInput, byteCount: UInt64, firstOffset: UInt64
    ) throws(TraceError) -> [(entry: IndexEntry, end: UInt64)] {
        let trailerLength = UInt64(FileTrailer.byteCount)
        let shortest = firstOffset + UInt64(RecordHeader.byteCount) + trailerLength
        let trailerOffset = byteCount > trailerLength ? byteCount - trailerLength : 0
        let trailerPlace = TracePlace(file: input.name, part: .trailer, byteOffset: trailerOffset)
        guard byteCount >= shortest else {
            throw .truncated(trailerPlace, expected: Int(shortest), found: Int(clamping: byteCount))
        }
        let trailer = try FileTrailer(try input.read(FileTrailer.byteCount, at: trailerOffset), place: trailerPlace)
        guard trailer.fileByteCount == byteCount else {
            throw .malformed(
                trailerPlace, what: "the length of the file", found: "\(byteCount) bytes",
                expected: "\(trailer.fileByteCount) bytes, as the trailer has it")
        }
        guard trailer.indexOffset >= firstOffset, trailer.indexOffset < trailerOffset else {
            throw .malformed(
                trailerPlace, what: "the offset of the index", found: "\(trailer.indexOffset)",
                expected: "\(firstOffset) to \(trailerOffset - 1)")
        }
        let place = TracePlace(file: input.name, part: .index, byteOffset: trailer.indexOffset)
        let indexEntry = IndexEntry(
            offset: trailer.indexOffset,
            header: RecordHeader(kind: .index, launch: trailer.launchCount, blockCount: trailer.entryCount))
        let plain = try readRecord(input, indexEntry, end: trailerOffset, place: place)
        return try takeApart(
            plain, header: indexEntry.header, firstOffset: firstOffset, end: trailer.indexOffset, place: place)
    }

    private static func takeApart(
        _ plain: [UInt8], header: RecordHeader, firstOffset: UInt64, end: UInt64, place: TracePlace
    ) throws(TraceError) -> [(entry: IndexEntry, end: UInt64)] {
        var sequence = RecordSequence()
        var entries: [(entry: IndexEntry, end: UInt64)] = []
        entries.reserveCapacity(plain.count / IndexEntry.byteCount)
        var start = 0
        while plain.count - start >= IndexEntry.byteCount {
            let entry = try IndexEntry(plain, at: start, place: place)
            guard entry.header.kind != .index else {
                throw .malformed(
                    place, what: "an index entry", found: "the index itself", expected: "a launch or chunk")
            }
            try sequence.accept(entry.header, place: place)
            let lowest = entries.last.map { $0.entry.offset + 1 } ?? firstOffset
            guard entry.offset >= lowest, entry.offset < end, !entries.isEmpty || entry.offset == firstOffset else {
                throw .malformed(
                    place, what: "an offset in the index", found: "\(entry.offset)", expected: "\(lowest) to \(end)")
            }
            if !entries.isEmpty { entries[entries.count - 1].end = entry.offset }
            entries.append((entry, end))
            start += IndexEntry.byteCount
        }
        var summary = header
        summary.plainByteCount = UInt32(truncatingIfNeeded: plain.count)
        try sequence.accept(summary, place: place)
        return entries
    }

    /// Reads the record at `entry`. It must match the entry and end at `end`.
    private static func readRecord(
        _ input: ByteInput, _ entry: IndexEntry, end: UInt64, place: TracePlace
    ) throws(TraceError) -> [UInt8] {
        let header = try RecordHeader(try input.read(RecordHeader.byteCount, at: entry.offset), place: place)
        guard IndexEntry(offset: entry.offset, header: header) == entry else {
            throw .malformed(
                place, what: "the record", found: "\(header)", expected: "what the index says, \(entry.header)")
        }
        let storedOffset = entry.offset + UInt64(RecordHeader.byteCount)
        guard storedOffset + UInt64(header.storedByteCount) == end else {
            throw .malformed(
                place, what: "the end of the record", found: "\(storedOffset + UInt64(header.storedByteCount))",
                expected: "\(end), where the next part begins")
        }
        return try header.inflate(try input.read(Int(header.storedByteCount), at: storedOffset), place: place)
    }
}
