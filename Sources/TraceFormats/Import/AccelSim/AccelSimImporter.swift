import Trace

/// Imports Accel-Sim's traces: a `kernelslist.g` with the files that it names, or one `.traceg`.
struct AccelSimImporter {
    /// Where the list's files lie.
    let directory: String
    private var spaces = AddressSpaces()

    init(directory: String) {
        self.directory = directory
    }

    /// Reads `input`, whatever of the two it is: a `.traceg` begins with `-`.
    mutating func run(
        _ input: ByteInput, into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        let plain = PlainInput(input, for: .accelSim)
        switch try plain.peek() {
        case 45?:
            try read(plain, into: &writer, summary: &summary, progress: progress)
        default:
            try readList(plain, into: &writer, summary: &summary, progress: progress)
        }
    }

    private mutating func read(
        _ input: PlainInput, into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        spaces.settle()
        var reader = try AccelSimKernelReader(input, spaces: spaces)
        try reader.run(into: &writer, summary: &summary, progress: progress)
    }

    /// Commands in the order of the program; lines that are none are ignored, as Accel-Sim does, and counted.
    private mutating func readList(
        _ list: PlainInput, into writer: inout TraceWriter, summary: inout ImportSummary, progress: ((ImportProgress) -> Void)?
    ) throws {
        var scanner = LineScanner(list)
        var kernels = 0
        var ignored: UInt64 = 0
        while try scanner.nextLine() {
            if scanner.isAtEnd() { continue }
            if scanner.take("MemcpyHtoD") {
                guard scanner.take(44), let base = scanner.hexadecimal(), scanner.take(44), let bytes = scanner.decimal(),
                    scanner.isAtEnd()
                else { throw scanner.malformed("the copy", expected: "'MemcpyHtoD,0x<address>,<bytes>'") }
                guard !base.addingReportingOverflow(bytes).overflow else {
                    throw scanner.malformed("the copy", expected: "an end below 2^64")
                }
                spaces.add(base: base, byteCount: bytes)
            } else if scanner.next == 107 {
                try readKernel(named: scanner.rest(), at: scanner.place, into: &writer, summary: &summary, progress: progress)
                kernels += 1
            } else {
                ignored += 1
            }
        }
        guard kernels > 0 else {
            throw TraceFormatError.empty(
                FormatPlace(file: list.name), expected: "a kernelslist.g with lines such as 'kernel-1.traceg', or a .traceg")
        }
        try scanner.warnOfCutEnd(&summary)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.count("lines of the list that are no commands", ignored)
        summary.count("copies beyond the tensors of a launch", spaces.leftOut)
    }

    private mutating func readKernel(
        named name: String, at place: FormatPlace, into writer: inout TraceWriter, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?
    ) throws {
        guard name.hasPrefix("kernel") else {
            throw TraceFormatError.malformed(
                place, what: "the command", found: "'\(name)'", expected: "'kernel-1.traceg' or 'MemcpyHtoD,...'")
        }
        guard !name.hasSuffix(".tracez") else {
            throw TraceFormatError.unsupported(
                place, what: "'\(name)' is in the binary format of Accel-Sim 2.0",
                cure: "Record .traceg files, or convert it with Accel-Sim's tools")
        }
        guard name.hasSuffix(".traceg") || name.hasSuffix(".traceg.xz") || name.hasSuffix(".traceg.gz") else {
            throw TraceFormatError.malformed(
                place, what: "the kernel's file", found: "'\(name)'", expected: "a name that ends in .traceg or .traceg.xz")
        }
        try read(PlainInput(try open(name, at: place)), into: &writer, summary: &summary, progress: progress)
    }

    private func open(_ name: String, at place: FormatPlace) throws(TraceFormatError) -> ByteInput {
        do {
            return try ByteInput(path: "\(directory)/\(name)")
        } catch {
            throw .unsupported(
                place, what: "'\(name)' cannot be read: \(error.explanation)", cure: "Keep the list and its files in one directory")
        }
    }
}
