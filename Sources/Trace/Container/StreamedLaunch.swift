/// One launch of a trace that is read as a stream. Its blocks can be asked for in increasing order, until the next
/// launch begins.
package struct StreamedLaunch: BlockProgramSource {
    package let launch: KernelLaunch
    /// Number of the launch in the trace, from 0.
    package let number: Int
    private let reader: TraceStreamReader

    init(launch: KernelLaunch, number: Int, reader: TraceStreamReader) {
        self.launch = launch
        self.number = number
        self.reader = reader
    }

    /// Replaces `program` by the program of `block`, reading on in the stream.
    package mutating func loadProgram(ofBlock block: Int, into program: inout BlockProgram) throws(TraceError) {
        try reader.load(block: block, ofLaunch: number, into: &program)
    }
}
