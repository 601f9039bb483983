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
    let summary = try TraceImport.read(
        ByteInput(bytes: bytes, name: "input"), format: format, options: options, into: &writer)
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

/// Every step of a program: accesses with their hints, of copy-backs and invalidations which lines, of compute steps
/// how many instructions.
func steps(of program: BlockProgram) -> [String] {
    program.operations.map { operation in
        switch operation {
        case .lanes(let access):
            guard access.laneCount > 0 else { return "\(access.kind) all" }
            let address = String(program.laneAddresses[Int(access.firstLane)], radix: 16)
            return "\(access.kind) \(address) \(access.laneBytes)" + (access.hint == .normal ? "" : " \(access.hint)")
        case .compute(let work): return "compute \(work.instructions)"
        default: return "\(operation)"
        }
    }
}

/// What an import took and skipped, in order.
func account(_ summary: ImportSummary) -> [String] {
    summary.taken.map { "\($0.count) \($0.what)" } + summary.skipped.map { "skipped \($0.count) \($0.what)" }
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

/// Sectors of 32 bytes that a program's requests ask for, reads and writes apart.
func sectors(of program: BlockProgram) -> (read: Int, written: Int) {
    var expander = RequestExpander(geometry: .nvidia)
    var result = (read: 0, written: 0)
    for operation in program.operations {
        let kind: AccessKind
        switch operation {
        case .tile(let tile):
            expander.expand(tile)
            kind = tile.kind
        case .lanes(let access):
            expander.expand(access, laneAddresses: program.laneAddresses)
            kind = access.kind
        default: continue
        }
        let count = expander.requests.reduce(0) { $0 + $1.sectors.nonzeroBitCount }
        if kind.isRead { result.read += count } else { result.written += count }
    }
    return result
}

/// A `.traceg` of one launch: `blocks` as lists of warps, each a list of instruction lines.
func traceg(
    _ blocks: [[[String]]], grid: String? = nil, threads: Int = 64, version: Int = 5, header: String = ""
) -> String {
    var text = """
        -kernel name = _Z4testPf
        -kernel id = 1
        -grid dim = \(grid ?? "(\(blocks.count),1,1)")
        -block dim = (\(threads),1,1)
        -shmem = 1024
        -nregs = 32
        -binary version = 80
        -cuda stream id = 0
        -shmem base_addr = 0x00007f4000000000
        -local mem base_addr = 0x00007f4100000000
        -nvbit version = 1.7
        -accelsim tracer version = \(version)
        \(header.isEmpty ? "-enable lineinfo = 0" : header)

        #traces format = PC mask dest_num [reg_dests] opcode src_num [reg_srcs] mem_width [adrrescompress?] [mem_addresses] immediate

        """
    for (number, warps) in blocks.enumerated() {
        text += "#BEGIN_TB\n\nthread block = \(number),0,0\n\n"
        for (warp, lines) in warps.enumerated() {
            text += "warp = \(warp)\ninsts = \(lines.count)\n" + lines.map { $0 + "\n" }.joined() + "\n"
        }
        text += "#END_TB\n\n"
    }
    return text
}
