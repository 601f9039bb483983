import Trace

/// A launch of a trace file whose blocks can be read in any order.
///
/// Several readers each hold one chunk and continue from their position. An order that steps through the grid therefore
/// inflates each chunk about once, not once per block.
package struct SpreadLaunch: BlockProgramSource {
    private struct Reader {
        var launch: FileLaunch
        /// The block after the one read last.
        var next: Int
        var used: Int
    }

    /// The greatest number of readers. With chunks of 256 KiB they take about 32 MiB.
    private static let readerLimit = 64

    private let file: TraceFileReader
    private let number: Int
    /// The mean number of blocks in a chunk. A reader skips up to this many blocks before another reader opens a chunk.
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

    /// The nearest reader before the block, a new one, or the one that was not used for the longest time.
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
