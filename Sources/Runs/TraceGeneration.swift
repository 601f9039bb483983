import Trace
import Workloads

/// Writes launches as a `.weir` trace.
package enum TraceGeneration {
    /// Writes every launch of `sequence`, in order, and finishes the trace.
    /// - Returns: the numbers of launches and bytes written.
    /// - Throws: `TraceError`, or errors of the sequence.
    @discardableResult
    package static func write(
        _ sequence: some LaunchSequence, to output: ByteOutput, options: TraceWriter.Options = TraceWriter.Options(),
        progress: ((RunProgress) -> Void)? = nil
    ) throws -> (launches: Int, bytes: UInt64) {
        var sequence = sequence
        var writer = try TraceWriter(output: output, options: options)
        var program = BlockProgram()
        var order = 0
        while var source = try sequence.next() {
            let launch = source.launch
            try writer.begin(launch)
            for block in 0..<launch.grid.blockCount {
                progress?(
                    RunProgress(
                        order: order, launchCount: sequence.launchCount, kernel: launch.kernel, blocksStarted: block,
                        blockCount: launch.grid.blockCount))
                try source.loadProgram(ofBlock: block, into: &program)
                try writer.append(program)
            }
            try writer.endLaunch()
            order += 1
        }
        try writer.finish()
        return (order, writer.byteCount)
    }
}
