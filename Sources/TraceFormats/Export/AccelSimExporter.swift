import Trace

/// Writes a trace in the form that Accel-Sim's tracer and its post-processing leave, version 5: `kernelslist.g` and a
/// `.traceg` for each launch. *Source:* util/tracer_nvbit and gpu-simulator/trace-parser of Accel-Sim 1.x.
struct AccelSimExporter: ~Copyable {
    private let directory: AtomicDirectory
    private let keepsCompute: Bool
    /// Name of the trace, for errors.
    private let name: String
    private var list = TextBuffer()
    private var copies: Set<Copy> = []
    private var summary = ExportSummary()

    private struct Copy: Hashable {
        let address: UInt64
        let byteCount: UInt64
    }

    /// - Parameters:
    ///   - name: name of the trace in errors.
    ///   - keepsCompute: whether compute steps become instructions.
    init(directory: AtomicDirectory, name: String, keepsCompute: Bool) {
        self.directory = directory
        self.name = name
        self.keepsCompute = keepsCompute
    }

    /// Writes a launch as the next kernel.
    mutating func write(_ source: inout some BlockProgramSource, progress: ((Int) -> Void)? = nil) throws {
        let launch = source.launch
        let number = summary.launches + 1
        for tensor in launch.tensors where tensor.byteCount > 0 {
            guard copies.insert(Copy(address: tensor.baseAddress, byteCount: tensor.byteCount)).inserted else {
                continue
            }
            list.append("MemcpyHtoD,0x")
            list.append(hexadecimal: tensor.baseAddress, digits: 16)
            list.append(byte: UInt8(ascii: ","))
            list.append(decimal: tensor.byteCount)
            list.append(byte: UInt8(ascii: "\n"))
        }
        let fileName = "kernel-\(number).traceg"
        list.append(Array("\(fileName)\n".utf8))
        let file = try directory.create(fileName)
        var output = TextOutput(file.output)
        output.text.append(Array(Self.header(of: launch, number: number).utf8))
        var writer = AccelSimBlockWriter(threads: launch.threadsPerBlock, keepsCompute: keepsCompute)
        var program = BlockProgram()
        for block in 0..<launch.grid.blockCount {
            progress?(block)
            try source.loadProgram(ofBlock: block, into: &program)
            do throws(ExportProblem) {
                summary.otherSteps += try writer.assemble(program)
            } catch {
                throw self.error(error, launch: number - 1, block: block)
            }
            summary.lines += writer.instructions
            writer.write(block: launch.grid.coordinates(of: block), to: &output.text)
            try output.flushIfFull()
        }
        try output.flush()
        try file.close()
        summary.bytes += output.byteCount
        summary.blocks += launch.grid.blockCount
        summary.launches += 1
    }

    /// Writes the list of kernels. The caller commits the directory.
    mutating func finish() throws(TraceError) -> ExportSummary {
        let file = try directory.create("kernelslist.g")
        try file.output.write(Array(list.bytes), at: TracePlace(file: "kernelslist.g"))
        try file.close()
        summary.bytes += UInt64(list.count)
        return summary
    }

    /// The header, up to the first thread block.
    static func header(of launch: KernelLaunch, number: Int) -> String {
        let letters = launch.kernel.unicodeScalars.map {
            $0.properties.generalCategory == .control || $0.properties.isWhitespace ? "_" : String($0)
        }
        let grid = launch.grid
        return """
            -kernel name = \(letters.joined())
            -kernel id = \(number)
            -grid dim = (\(grid.x),\(grid.y),\(grid.z))
            -block dim = (\(launch.threadsPerBlock),1,1)
            -shmem = \(launch.sharedMemoryBytesPerBlock)
            -nregs = \(launch.registersPerThread)
            -binary version = 80
            -cuda stream id = 0
            -shmem base_addr = 0x00007f4000000000
            -local mem base_addr = 0x00007f4100000000
            -nvbit version = 1.7
            -accelsim tracer version = 5
            -enable lineinfo = 0

            #traces format = [line_num] PC mask dest_num [reg_dests] opcode src_num [reg_srcs] mem_width [adrrescompress?] \
            [mem_addresses] immediate


            """
    }

    private func error(_ problem: ExportProblem, launch: Int, block: Int) -> TraceFormatError {
        let place = FormatPlace(file: name)
        let operation = "launch \(launch), block \(block), operation \(problem.operation)"
        switch problem.reason {
        case .flag:
            return .unsupported(
                place, what: "\(operation) signals blocks or waits for them, which Accel-Sim's traces cannot say",
                cure: "Export the launches before they were fused")
        case .fetch:
            return .unsupported(
                place,
                what:
                    "\(operation) is an instruction fetch, copy-back or invalidation of a core, which Accel-Sim's traces cannot say",
                cure: "Import the trace with --no-fetches, or export it as din")
        case .tooLong(let limit):
            return .unsupported(
                place, what: "\(operation) takes the block beyond \(limit >> 20) MiB of text, which wait in memory",
                cure: "Leave the compute steps out with --no-compute, or record smaller blocks")
        }
    }
}
