import Trace
import TraceFormats

/// Imports a text and reads the trace back.
func imported(
    _ text: String, as format: ImportFormat, options: ImportOptions = ImportOptions()
) throws -> (summary: ImportSummary, launches: [(launch: KernelLaunch, programs: [BlockProgram])]) {
    try imported(Array(text.utf8), as: format, options: options)
}

/// Imports bytes, compressed or not, and reads the trace back.
func imported(
    _ bytes: [UInt8], as format: ImportFormat, options: ImportOptions = ImportOptions()
) throws -> (summary: ImportSummary, launches: [(launch: KernelLaunch, programs: [BlockProgram])]) {
    let buffer = ByteOutput.Buffer()
    var writer = try TraceWriter(output: ByteOutput(buffer: buffer))
    let summary = try TraceImport.read(ByteInput(bytes: bytes, name: "input"), format: format, options: options, into: &writer)
    try writer.finish()
    let reader = try TraceStreamReader(ByteInput(bytes: buffer.bytes))
    var launches: [(launch: KernelLaunch, programs: [BlockProgram])] = []
    while var source = try reader.nextLaunch() {
        var programs: [BlockProgram] = []
        for block in 0..<source.launch.grid.blockCount {
            var program = BlockProgram()
            try source.loadProgram(ofBlock: block, into: &program)
            programs.append(program)
        }
        launches.append((source.launch, programs))
    }
    return (summary, launches)
}

/// Kind, address and length of every one-lane access of a program.
func accesses(of program: BlockProgram) -> [String] {
    program.operations.compactMap { operation in
        guard case .lanes(let access) = operation else { return nil }
        let address = String(program.laneAddresses[Int(access.firstLane)], radix: 16)
        return "\(access.kind) \(address) \(access.laneBytes)"
    }
}

/// The message of the error that importing a text gives; nil where it succeeds.
func failure(of text: String, as format: ImportFormat) -> String? {
    do {
        _ = try imported(text, as: format)
        return nil
    } catch let error as TraceFormatError {
        return error.description
    } catch {
        return "other error: \(error)"
    }
}
