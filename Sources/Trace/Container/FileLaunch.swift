/// One launch of a `.weir` file. It gives its blocks' programs in any order, and holds one decoded chunk.
package struct FileLaunch: BlockProgramSource {
    package let launch: KernelLaunch
    /// Number of the launch in the file, from 0.
    package let number: Int
    private let reader: TraceFileReader
    private var chunk: ChunkDecoder?
    private var chunkNumber = 0

    init(launch: KernelLaunch, number: Int, reader: TraceFileReader) {
        self.launch = launch
        self.number = number
        self.reader = reader
    }

    /// Replaces `program` by the program of `block`. Going back, or going on past a chunk, reads a chunk and decodes it
    /// up to the block.
    /// - Throws: `TraceError`; `.misuse` for a block beyond the grid.
    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws(TraceError) {
        guard block >= 0, block < launch.grid.blockCount else {
            throw .misuse(
                TracePlace(file: reader.input.name, launch: number),
                problem: "block \(block) of a launch of \(launch.grid.blockCount) was asked for",
                remedy: "Ask for blocks of the grid")
        }
        if !currentChunkHolds(block) {
            chunk = nil
            try open(chunkHolding(block))
        }
        do {
            while let next = chunk?.nextBlock, next < block { try chunk?.skip() }
            try chunk?.decode(into: &program)
        } catch {
            chunk = nil
            throw error
        }
    }

    /// Whether the decoded chunk still has the block ahead of it.
    private func currentChunkHolds(_ block: Int) -> Bool {
        guard let chunk else { return false }
        let record = reader.chunks[number][chunkNumber]
        return block >= chunk.nextBlock && block < record.firstBlock + record.blockCount
    }

    private mutating func open(_ wanted: Int) throws(TraceError) {
        let record = reader.chunks[number][wanted]
        let (plain, place) = try reader.readChunk(wanted, ofLaunch: number)
        chunkNumber = wanted
        chunk = ChunkDecoder(
            plain: plain, blocks: record.firstBlock..<(record.firstBlock + record.blockCount),
            tensorCount: launch.tensors.count, place: place)
    }

    /// The last chunk whose first block is not beyond `block`. It is found by bisection.
    private func chunkHolding(_ block: Int) -> Int {
        let chunks = reader.chunks[number]
        var low = 0
        var high = chunks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if chunks[middle].firstBlock <= block { low = middle } else { high = middle }
        }
        return low
    }
}
