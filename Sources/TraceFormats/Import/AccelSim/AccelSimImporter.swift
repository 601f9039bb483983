import Trace

extension ImportFormat {
    /// Accel-Sim's `.traceg` and `kernelslist.g`.
    package static let accelSim = ImportFormat(
        "accel-sim", holds: "kernelslist.g, or one .traceg", wanted: "a kernelslist.g or a .traceg of Accel-Sim",
        otherNames: ["gpgpu-sim", "traceg"], takes: ImportOption.ofLaunches,
        textSigns: [
            TextSign(.beginning, name: "a kernel of Accel-Sim", unread: unprocessedKernel, if: \.isAccelSimKernel),
            TextSign(
                .mostLines, name: "a list of Accel-Sim's kernels", unread: unprocessedList, if: \.isKernelsListCommand),
        ]
    ) { request, writer, summary in
        var importer = AccelSimImporter(directory: request.directory, options: request.options)
        try importer.run(request.input, into: &writer, summary: &summary, progress: request.progress)
    }

    private static func unprocessedKernel(_ lines: [LineEvidence]) -> FormatRecognition.Finding? {
        guard let next = lines.drop(while: { !$0.isInstructionsHeader }).dropFirst().first, !next.beginsThreadBlock
        else { return nil }
        return .unread(
            name: "a kernel of Accel-Sim before post-processing", cure: postProcessing("the kernelslist beside it"))
    }

    private static func unprocessedList(_ lines: [LineEvidence]) -> FormatRecognition.Finding? {
        guard lines.contains(where: \.isRawKernelsListCommand) else { return nil }
        return .unread(name: "a list of Accel-Sim's kernels before post-processing", cure: postProcessing("this list"))
    }

    /// Says how to run the post-processing, which is missing.
    private static func postProcessing(_ list: String) -> String {
        "Run Accel-Sim's post-traces-processing on \(list), and import the kernelslist.g that comes out, whose kernels are .traceg files"
    }
}

extension LineEvidence {
    /// Whether the line is `-kernel name = ...` or another one that only a kernel of Accel-Sim has.
    fileprivate var isAccelSimKernel: Bool {
        ["-kernel name =", "-accelsim tracer version", "#traces format", "#BEGIN_TB"].contains {
            line.starts(with: $0.utf8)
        }
    }

    /// Whether the line is `MemcpyHtoD,0x...,...`, or the name of a kernel's file, with or without a path.
    fileprivate var isKernelsListCommand: Bool {
        guard tokens.count == 1 else { return false }
        if line.starts(with: "MemcpyHtoD,".utf8) || line.starts(with: "MemcpyDtoH,".utf8) { return true }
        let name = tokens[0].split(separator: UInt8(ascii: "/")).last ?? []
        return name.starts(with: "kernel".utf8) && contains(".trace", in: name)
    }

    /// Whether the line belongs to a kernels' list before Accel-Sim's post-processing.
    fileprivate var isRawKernelsListCommand: Bool {
        guard isKernelsListCommand else { return false }
        return [".trace", ".trace.xz", ".trace.gz"].contains { tokens[0].suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// Whether the line is the one above a kernel's instructions, or the mark of a thread block below it.
    fileprivate var isInstructionsHeader: Bool { line.starts(with: "#traces format".utf8) }
    fileprivate var beginsThreadBlock: Bool { line.starts(with: "#BEGIN_TB".utf8) }
}

/// Imports Accel-Sim's traces: a `kernelslist.g` with the files that it names, or one `.traceg`.
struct AccelSimImporter {
    /// The directory of the list's files.
    let directory: String
    private let options: ImportOptions
    private var spaces = AddressSpaces()
    private var doubts = ImportDoubts()
    private var choice: LaunchChoice
    /// The damage of the first launch that was left out as damaged.
    private var damaged: TraceFormatError?

    init(directory: String, options: ImportOptions) {
        self.directory = directory
        self.options = options
        choice = LaunchChoice(options)
    }

    /// Reads `input`, whichever of the two it is. A `.traceg` begins with `-`.
    mutating func run(
        _ input: ByteInput, into writer: inout TraceWriter, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?
    ) throws {
        let plain = PlainInput(input, for: .accelSim)
        switch try plain.peek() {
        case UInt8(ascii: "-")?:
            try readAlone(plain, into: &writer, summary: &summary, progress: progress)
        default:
            try readList(plain, into: &writer, summary: &summary, progress: progress)
        }
        try doubts.report(to: &summary)
    }

    /// Reads one `.traceg`.
    private mutating func readAlone(
        _ input: PlainInput, into writer: inout TraceWriter, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?
    ) throws {
        var reader = try AccelSimKernelReader(input, spaces: spaces)
        let kernel = reader.header.launch.kernel
        if choice.takes(kernel: { kernel }) {
            try read(&reader, into: &writer, summary: &summary, progress: progress)
        }
        try choice.report(of: input.name, to: &summary)
    }

    private mutating func read(
        _ reader: inout AccelSimKernelReader, into writer: inout TraceWriter, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?
    ) throws {
        try reader.run(
            replacement: options.registers, doubts: &doubts, summary: &summary, progress: progress,
            begin: { try writer.begin($0) },
            append: { try writer.append($0) })
        try writer.endLaunch()
    }

    /// Reads the list's commands in the order of the program. Lines that are no commands are counted and ignored, as
    /// Accel-Sim does.
    private mutating func readList(
        _ list: PlainInput, into writer: inout TraceWriter, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?
    ) throws {
        var scanner = LineScanner(list)
        while try scanner.nextLine() {
            if scanner.isAtEnd() {
                summary.skip("blank")
            } else if scanner.take("MemcpyHtoD") {
                let comma = UInt8(ascii: ",")
                guard scanner.take(comma), let base = scanner.hexadecimal(), scanner.take(comma),
                    let bytes = scanner.decimal(),
                    scanner.isAtEnd()
                else { throw scanner.malformed("the copy", expected: "'MemcpyHtoD,0x<address>,<bytes>'") }
                guard !base.addingReportingOverflow(bytes).overflow else {
                    throw scanner.malformed("the copy", expected: "an end below 2^64")
                }
                spaces.add(base: base, byteCount: bytes)
                summary.take("MemcpyHtoD")
            } else if let entry = try AccelSimListEntry(scanner.rest(), at: scanner.place, isCut: scanner.isCut) {
                try readKernel(entry, into: &writer, summary: &summary, progress: progress)
            } else {
                summary.skip("lines of the list that are no commands")
            }
        }
        let place = FormatPlace(file: list.name)
        guard choice.met > 0 else {
            throw TraceFormatError.empty(
                place, expected: "a kernelslist.g with lines such as 'kernel-1.traceg', or a .traceg")
        }
        try scanner.warnOfCutEnd(&summary)
        if summary.launches == 0, let damaged { throw damaged }
        try choice.report(of: list.name, to: &summary)
        summary.lines += scanner.line
        summary.textBytes += scanner.byteCount
        summary.count("copies beyond the tensors of a launch", spaces.leftOut)
    }

    private mutating func readKernel(
        _ entry: AccelSimListEntry, into writer: inout TraceWriter, summary: inout ImportSummary,
        progress: ((ImportProgress) -> Void)?
    ) throws {
        spaces.settle()
        // No part of a damaged launch may reach the trace. The file is therefore read to its end once before.
        if options.keepsWhole, let error = try rehearse(entry, progress) {
            choice.addDamaged()
            if damaged == nil { damaged = error }
            summary.skip("kernel files left out as damaged")
            try summary.warn(
                entry.place, what: "launch \(choice.met), '\(entry.path)', is damaged and left out", cure: "\(error)")
            return
        }
        do {
            var isMoved = false
            let now = self
            let isTaken = try choice.takes { try now.kernelName(entry) }
            guard isTaken else {
                summary.skip("kernel files left out")
                return
            }
            var reader = try AccelSimKernelReader(open(entry, &isMoved), spaces: spaces)
            try read(&reader, into: &writer, summary: &summary, progress: progress)
            summary.take("kernel files")
            if isMoved { doubts.addMoved(entry.path, at: entry.place) }
        } catch let error as TraceFormatError where error.isOfOneLaunch && !options.keepsWhole {
            throw TraceFormatError.damagedLaunch(error)
        }
    }

    /// Reads a kernel's file, if it may be chosen, and writes nothing.
    /// - Returns: what is wrong with the file.
    private func rehearse(_ entry: AccelSimListEntry, _ progress: ((ImportProgress) -> Void)?) throws
        -> TraceFormatError?
    {
        var choice = choice
        var isMoved = false
        do {
            guard try choice.takes(kernel: { try kernelName(entry) }) else { return nil }
            var reader = try AccelSimKernelReader(open(entry, &isMoved), spaces: spaces)
            var (doubts, summary) = (ImportDoubts(), ImportSummary())
            try reader.run(
                replacement: options.registers, doubts: &doubts, summary: &summary, progress: progress, begin: { _ in },
                append: { _ in })
            return nil
        } catch let error as TraceFormatError {
            return error
        } catch let error as TraceError {
            // An example is a directory, which can be opened but not read.
            return unreadable(entry, error)
        }
    }

    private func unreadable(_ entry: AccelSimListEntry, _ error: TraceError) -> TraceFormatError {
        .unsupported(
            entry.place,
            what: "'\(entry.path)' cannot be read: \(error.explanation)"
                + (entry.isCut ? "; this last line has no line break, so that it may have been cut" : ""),
            cure: "Keep the list and its files in one directory")
    }

    private func kernelName(_ entry: AccelSimListEntry) throws -> String {
        var isMoved = false
        return try AccelSimKernelReader(open(entry, &isMoved), spaces: spaces).header.launch.kernel
    }

    /// Opens a kernel's file where the list says it is. If it is not there, opens the file with the same name beside
    /// the list.
    private func open(_ entry: AccelSimListEntry, _ isMoved: inout Bool) throws(TraceFormatError) -> PlainInput {
        let path = entry.path.hasPrefix("/") ? entry.path : "\(directory)/\(entry.path)"
        do {
            return PlainInput(try ByteInput(path: path), for: .accelSim)
        } catch {
            if entry.fileName != entry.path, let beside = try? ByteInput(path: "\(directory)/\(entry.fileName)") {
                isMoved = true
                return PlainInput(beside, for: .accelSim)
            }
            let missing = unreadable(entry, error)
            throw options.keepsWhole ? missing : .damagedLaunch(missing)
        }
    }
}
