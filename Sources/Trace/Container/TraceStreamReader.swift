/// Reads a `.weir` trace from its first byte to its last, from a file or a pipe.
///
/// Memory holds one chunk, and for each chunk 28 bytes of index, which are compared with the index at the end of the
/// trace. Where the trace is cut or damaged, all blocks of the chunks before the damage are delivered. Then comes the
/// error.
///
/// let reader = try TraceStreamReader(ByteInput(descriptor: 0))
/// while var source = try reader.nextLaunch() { ... source.loadProgram(ofBlock: 0, into: &program) ... }
package final class TraceStreamReader {
    private let input: ByteInput
    /// Name of the program that wrote the trace.
    package let producer: String
    private var sequence = RecordSequence()
    private var index: [UInt8] = []
    private var launch: KernelLaunch?
    private var chunk: ChunkDecoder?
    private var failure: TraceError?
    private var isFinished = false

    /// Reads the file header.
    /// - Throws: `TraceError`, such as `.notATrace`.
    package init(_ input: ByteInput) throws(TraceError) {
        self.input = input
        producer = try FileHeader.read(from: input, sequentially: true).header.producer
    }

    /// The next launch; nil after the last one, once index, trailer and end of input have been checked too.
    ///
    /// Blocks of the launch before that were not asked for are skipped: the checksums of their chunks are checked, but
    /// their programs are not decoded. Sources of earlier launches give errors from now on.
    package func nextLaunch() throws(TraceError) -> StreamedLaunch? {
        try remembering { () throws(TraceError) in try advance() }
    }

    private func advance() throws(TraceError) -> StreamedLaunch? {
        if isFinished { return nil }
        chunk = nil
        while !sequence.launchIsComplete { _ = try readRecord() }
        let (header, plain, place) = try readRecord()
        guard header.kind == .launch else {
            try checkEnd(indexed: plain, place: place)
            isFinished = true
            return nil
        }
        let launch = try LaunchRecord.decode(plain, blockCount: Int(header.blockCount), place: place)
        self.launch = launch
        return StreamedLaunch(launch: launch, number: sequence.launchCount - 1, reader: self)
    }

    /// Loads a block of launch `number`, which must be the current one. Blocks may be skipped but not revisited.
    func load(block: Int, ofLaunch number: Int, into program: inout BlockProgram) throws(TraceError) {
        let place = TracePlace(file: input.name, launch: number)
        guard number == sequence.launchCount - 1, !isFinished, let launch else {
            throw .misuse(place, problem: "the stream has moved on to another launch", remedy: "Read launches in order")
        }
        guard block >= 0, block < launch.grid.blockCount else {
            throw .misuse(
                place, problem: "block \(block) of a launch of \(launch.grid.blockCount) was asked for",
                remedy: "Ask for blocks of the grid")
        }
        try remembering { () throws(TraceError) in
            try advance(toBlock: block, tensorCount: launch.tensors.count, place: place)
            try chunk?.decode(into: &program)
        }
    }

    private func advance(toBlock block: Int, tensorCount: Int, place: TracePlace) throws(TraceError) {
        guard block >= chunk?.nextBlock ?? 0 else {
            throw .misuse(
                place, problem: "block \(block) was asked for after a later one",
                remedy: "Ask for blocks in increasing order, or read the trace from a file")
        }
        while block >= sequence.nextBlock || chunk == nil {
            let (header, plain, place) = try readRecord()
            let first = Int(header.firstBlock)
            chunk = ChunkDecoder(
                plain: plain, blocks: first..<(first + Int(header.blockCount)), tensorCount: tensorCount, place: place)
        }
        while let next = chunk?.nextBlock, next < block { try chunk?.skip() }
    }

    /// Reads the next record of any kind, and checks that it may come here.
    private func readRecord() throws(TraceError) -> (header: RecordHeader, plain: [UInt8], place: TracePlace) {
        let offset = input.position
        var place = sequence.place(file: input.name, byteOffset: offset)
        let header = try RecordHeader(try input.read(RecordHeader.byteCount), place: place)
        if header.kind == .index { place = TracePlace(file: input.name, part: .index, byteOffset: offset) }
        try sequence.accept(header, place: place)
        let plain = try header.inflate(try input.read(Int(header.storedByteCount)), place: place)
        if header.kind != .index { IndexEntry(offset: offset, header: header).append(to: &index) }
        indexOffset = offset
        return (header, plain, place)
    }

    /// Offset of the record read last.
    private var indexOffset: UInt64 = 0

    private func checkEnd(indexed: [UInt8], place: TracePlace) throws(TraceError) {
        guard indexed == index else {
            throw .malformed(
                place, what: "the index", found: "at odds with the records read",
                expected: "\(sequence.entryCount) entries that agree")
        }
        let place = TracePlace(file: input.name, part: .trailer, byteOffset: input.position)
        let found = try FileTrailer(try input.read(FileTrailer.byteCount), place: place)
        let expected = FileTrailer(
            launchCount: UInt32(truncatingIfNeeded: sequence.launchCount),
            entryCount: UInt32(truncatingIfNeeded: sequence.entryCount), indexOffset: indexOffset,
            fileByteCount: input.position)
        guard found == expected else {
            throw .malformed(place, what: "the trailer", found: "\(found)", expected: "\(expected)")
        }
        guard try input.read(1).isEmpty else {
            throw .trailingBytes(TracePlace(file: input.name, byteOffset: expected.fileByteCount))
        }
    }

    /// Runs a step. Once a step has failed on the bytes, all later ones give the same error.
    private func remembering<Result>(_ step: () throws(TraceError) -> Result) throws(TraceError) -> Result {
        if let failure { throw failure }
        do {
            return try step()
        } catch {
            if case .misuse = error {} else { failure = error }
            throw error
        }
    }
}
