import Trace

/// A launch of a trace file whose blocks are asked for in any order.
///
/// Several readers each hold one chunk and go on from where they are, so that an order that steps through the grid
/// inflates each chunk about once, not once a block.
package struct SpreadLaunch: BlockProgramSource {
    private struct Reader {
        var launch: FileLaunch
        /// The block behind the one read last.
        var next: Int
        var used: Int
    }

    /// Readers at most: with chunks of 256 KiB, 32 MiB or so.
    private static let readerLimit = 64

    private let file: TraceFileReader
    private let number: Int
    /// Blocks of a chunk on average: what a reader skips rather than another one opens a chunk for.
    private let reach: Int
    private var readers: [Reader] = []
    private var reads = 0

    package let launch: KernelLaunch

    /// - Throws: `TraceError.misuse` for a number out of range.
    package init(_ file: TraceFileReader, launch number: Int) throws(TraceError) {
        self.file = file
        self.number = number
        let first = try file.source(launch: number)
        launch = first.launch
        reach = max(1, first.launch.grid.blockCount / max(1, file.chunkCount(ofLaunch: number)))
        readers = [Reader(launch: first, next: 0, used: 0)]
    }

    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws {
        let index = try reader(for: block)
        reads += 1
        try readers[index].launch.loadProgram(ofBlock: block, into: &program)
        readers[index].next = block + 1
        readers[index].used = reads
    }

    /// The reader nearest before the block, a new one, or the one that was not used for longest.
    private mutating func reader(for block: Int) throws(TraceError) -> Int {
        let near = readers.indices.filter { readers[$0].next <= block && block - readers[$0].next < reach }
        if let nearest = near.max(by: { readers[$0].next < readers[$1].next }) { return nearest }
        guard readers.count < Self.readerLimit else {
            return readers.indices.min { readers[$0].used < readers[$1].used } ?? 0
        }
        readers.append(Reader(launch: try file.source(launch: number), next: 0, used: reads))
        return readers.count - 1
    }
}
