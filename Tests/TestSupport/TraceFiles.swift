import Foundation
import Trace

/// Writes launches as a trace.
package func writeTrace(_ sources: [any BlockProgramSource], to path: String) throws {
    let buffer = ByteOutput.Buffer()
    var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
    var program = BlockProgram()
    for source in sources {
        var source = source
        try writer.begin(source.launch)
        for block in 0..<source.launch.grid.blockCount {
            try source.loadProgram(ofBlock: block, into: &program)
            try writer.append(program)
        }
        try writer.endLaunch()
    }
    try writer.finish()
    try Data(buffer.bytes).write(to: URL(fileURLWithPath: path))
}
