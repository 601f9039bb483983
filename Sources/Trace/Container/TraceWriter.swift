/// A launch whose number of blocks is not known yet, with its chunks as they will stand in the trace.
private struct OpenLaunch {
    var launch: KernelLaunch
    let spool: SpoolFile
    var chunks: [(header: RecordHeader, offset: UInt64, byteCount: Int)] = []
}

/// Writes a `.weir` trace: launches one after another, each with its blocks' programs in block order.
///
/// It works on pipes, because it never seeks. Memory holds one chunk, and 28 bytes of index for each chunk. The same
/// calls and options give the same bytes. A trace is whole only after `finish`. After any error the writer refuses
/// further calls.
package struct TraceWriter: ~Copyable {
    /// How densely a trace is compressed, and how large its chunks are.
    package struct Options: Equatable, Sendable {
        /// zlib level, 0 to 9.
        package var compressionLevel = 1
        /// A chunk is closed once it has this many plain bytes, 64 KiB to 1 MiB.
        package var chunkBytes = 256 << 10
        /// A chunk is closed once its blocks have this many operations. A reader works through at most so many to reach
        /// a block.
        package var chunkOperations = 1 << 18
        /// Name of the writing program, for people.
        package var producer = "weir"
        /// Where the chunks of a launch wait while its number of blocks is not known yet.
        package var temporaryDirectory = "/tmp"

        package init() {}
    }

    private enum State {
        case betweenLaunches, inLaunch, failed
    }

    private static let chunkLanes = 1 << 20

    private let output: ByteOutput
    private let options: Options
    private var state = State.betweenLaunches
    private var sequence = RecordSequence()
    private var index: [UInt8] = []
    private var encoder = ChunkEncoder(tensorCount: 0)
    private var blocksAppended = 0
    private var blockCount = 0
    /// The launch whose end will tell its number of blocks, with its chunks.
    private var open: OpenLaunch?
    /// Bytes written so far.
    package private(set) var byteCount: UInt64 = 0

    /// Writes the file header.
    /// - Throws: `TraceError.misuse` for options out of range, `.system`.
    package init(output: ByteOutput, options: Options = Options()) throws(TraceError) {
        self.output = output
        self.options = options
        let place = TracePlace(file: output.name, part: .fileHeader)
        guard (0...9).contains(options.compressionLevel), (64 << 10...1 << 20).contains(options.chunkBytes),
            (1...TraceLimits.programOperations).contains(options.chunkOperations),
            options.producer.utf8.count <= TraceLimits.stringBytes
        else {
            throw .misuse(
                place, problem: "an option of the trace writer is out of range",
                remedy:
                    "Use level 0 to 9, chunks of 64 KiB to 1 MiB, 1 to 2^21 operations a chunk, a name up to 4096 bytes"
            )
        }
        try write(FileHeader(producer: options.producer).encoded, at: place)
    }

    /// Begins a launch and writes its record.
    /// - Throws: `TraceError.invalidLaunch`, `.misuse` within a launch, `.system`.
    package mutating func begin(_ launch: KernelLaunch) throws(TraceError) {
        try require(.betweenLaunches, "begin", "Call endLaunch first")
        state = .failed
        try start(launch)
        try writeLaunchRecord(launch)
        state = .inLaunch
    }

    /// Begins a launch that has as many blocks along x as will be appended. A recorder on a pipe needs this. The chunks
    /// wait in a temporary file until `endLaunch`.
    /// - Parameter launch: its grid is 1 x 1 x 1.
    /// - Throws: as `begin`.
    package mutating func beginOpen(_ launch: KernelLaunch) throws(TraceError) {
        try require(.betweenLaunches, "beginOpen", "Call endLaunch first")
        state = .failed
        try start(launch)
        open = OpenLaunch(launch: launch, spool: try SpoolFile(directory: options.temporaryDirectory))
        blockCount = TraceLimits.blocks - 1
        state = .inLaunch
    }

    private mutating func start(_ launch: KernelLaunch) throws(TraceError) {
        try TraceValidation.validate(launch, at: launchPlace)
        encoder = ChunkEncoder(tensorCount: launch.tensors.count)
        blocksAppended = 0
        blockCount = launch.grid.blockCount
    }

    private mutating func writeLaunchRecord(_ launch: KernelLaunch) throws(TraceError) {
        try writeRecord(
            .launch, launch: sequence.launchCount, number: 0, firstBlock: 0, blockCount: blockCount,
            plain: LaunchRecord.encode(launch), place: launchPlace)
    }

    private var launchPlace: TracePlace {
        TracePlace(file: output.name, part: .launchRecord, launch: sequence.launchCount, byteOffset: byteCount)
    }

    /// Appends the program of the launch's next block.
    /// - Throws: `TraceError.invalidProgram`, `.limitExceeded`, `.misuse` outside a launch or beyond its grid,
    ///   `.system`.
    package mutating func append(_ program: borrowing BlockProgram) throws(TraceError) {
        try require(.inLaunch, "append", "Call begin first")
        state = .failed
        guard blocksAppended < blockCount else {
            throw .misuse(
                chunkPlace, problem: "the launch has \(blockCount) blocks, and one more was appended",
                remedy: "Append one program a block of the grid")
        }
        try encoder.append(program, block: blocksAppended, place: chunkPlace)
        blocksAppended += 1
        if encoder.plain.count >= options.chunkBytes || encoder.operationCount >= options.chunkOperations
            || encoder.laneCount >= Self.chunkLanes
        {
            try writeChunk()
        }
        state = .inLaunch
    }

    /// Ends the launch. All of its blocks must have been appended.
    /// - Throws: `TraceError.misuse` where blocks are missing, `.system`.
    package mutating func endLaunch() throws(TraceError) {
        try require(.inLaunch, "endLaunch", "Call begin first")
        state = .failed
        if open != nil { try closeOpen() }
        guard blocksAppended == blockCount else {
            throw .misuse(
                chunkPlace, problem: "the launch has \(blockCount) blocks, and \(blocksAppended) were appended",
                remedy: "Append one program a block of the grid")
        }
        if encoder.blockCount > 0 { try writeChunk() }
        state = .betweenLaunches
    }

    /// Appends a whole launch. It pulls the programs from `source`.
    /// - Throws: what the source throws, and what `begin`, `append` and `endLaunch` throw.
    package mutating func write<Source: BlockProgramSource>(_ source: inout Source) throws {
        try begin(source.launch)
        var program = BlockProgram()
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            try append(program)
        }
        try endLaunch()
    }

    /// Writes index and trailer. The caller then closes the descriptor or commits the file.
    /// - Throws: `TraceError.misuse` within a launch or without any, `.system`.
    package mutating func finish() throws(TraceError) {
        try require(.betweenLaunches, "finish", "Call endLaunch first")
        state = .failed
        let place = TracePlace(file: output.name, part: .index, byteOffset: byteCount)
        guard sequence.launchCount > 0 else {
            throw .misuse(place, problem: "the trace has no launch", remedy: "Append at least one launch")
        }
        let indexOffset = byteCount
        try writeRecord(
            .index, launch: sequence.launchCount, number: 0, firstBlock: 0, blockCount: sequence.entryCount,
            plain: index,
            place: place)
        let trailer = FileTrailer(
            launchCount: UInt32(truncatingIfNeeded: sequence.launchCount),
            entryCount: UInt32(truncatingIfNeeded: sequence.entryCount), indexOffset: indexOffset,
            fileByteCount: byteCount + UInt64(FileTrailer.byteCount))
        try write(trailer.encoded, at: TracePlace(file: output.name, part: .trailer, byteOffset: byteCount))
    }

    private var chunkPlace: TracePlace {
        TracePlace(
            file: output.name, part: .chunk, launch: sequence.launchCount - (open == nil ? 1 : 0),
            chunk: open?.chunks.count ?? sequence.nextChunk, byteOffset: byteCount)
    }

    private func require(_ expected: State, _ call: String, _ remedy: String) throws(TraceError) {
        if state == expected { return }
        let failed = state == .failed
        throw .misuse(
            TracePlace(file: output.name),
            problem: failed ? "'\(call)' on a trace that failed or is finished" : "'\(call)' is out of order",
            remedy: failed ? "Begin a new trace" : remedy)
    }

    /// Writes the record and the chunks of the open launch, once its blocks are counted.
    private mutating func closeOpen() throws(TraceError) {
        if encoder.blockCount > 0 { try writeChunk() }
        guard let finished = open else { return }
        open = nil
        blockCount = blocksAppended
        guard blockCount > 0 else {
            throw .misuse(launchPlace, problem: "the launch has no block", remedy: "Append at least one")
        }
        var launch = finished.launch
        launch.grid.x = blockCount
        try writeLaunchRecord(launch)
        for chunk in finished.chunks {
            try register(chunk.header, place: chunkPlace)
            try write(try finished.spool.read(chunk.byteCount, at: chunk.offset), at: chunkPlace)
        }
    }

    private mutating func writeChunk() throws(TraceError) {
        if open != nil {
            try spoolChunk()
            return
        }
        try writeRecord(
            .chunk, launch: sequence.launchCount - 1, number: sequence.nextChunk, firstBlock: sequence.nextBlock,
            blockCount: encoder.blockCount, plain: encoder.plain, place: chunkPlace)
        encoder.reset()
    }

    private mutating func spoolChunk() throws(TraceError) {
        guard let open else { return }
        let place = launchPlace
        let number = open.chunks.count
        let (header, bytes) = try RecordHeader.record(
            .chunk, launch: UInt32(truncatingIfNeeded: sequence.launchCount),
            number: UInt32(truncatingIfNeeded: number),
            firstBlock: UInt32(truncatingIfNeeded: blocksAppended - encoder.blockCount),
            blockCount: UInt32(truncatingIfNeeded: encoder.blockCount), plain: encoder.plain,
            level: options.compressionLevel,
            place: place)
        self.open?.chunks.append((header, open.spool.byteCount, bytes.count))
        try open.spool.append(bytes)
        encoder.reset()
    }

    private mutating func writeRecord(
        _ kind: RecordHeader.Kind, launch: Int, number: Int, firstBlock: Int, blockCount: Int, plain: [UInt8],
        place: TracePlace
    ) throws(TraceError) {
        let (header, bytes) = try RecordHeader.record(
            kind, launch: UInt32(truncatingIfNeeded: launch), number: UInt32(truncatingIfNeeded: number),
            firstBlock: UInt32(truncatingIfNeeded: firstBlock), blockCount: UInt32(truncatingIfNeeded: blockCount),
            plain: plain, level: options.compressionLevel, place: place)
        if kind != .index { try register(header, place: place) }
        try write(bytes, at: place)
    }

    /// Adds a launch record or chunk that begins here to the index.
    private mutating func register(_ header: RecordHeader, place: TracePlace) throws(TraceError) {
        guard sequence.entryCount < TraceLimits.indexEntries else {
            throw .limitExceeded(
                place, what: "launches and chunks of the trace", found: UInt64(sequence.entryCount) + 1,
                limit: UInt64(TraceLimits.indexEntries))
        }
        try sequence.accept(header, place: place)
        IndexEntry(offset: byteCount, header: header).append(to: &index)
    }

    private mutating func write(_ bytes: [UInt8], at place: TracePlace) throws(TraceError) {
        try output.write(bytes, at: place)
        byteCount += UInt64(bytes.count)
    }
}
