import ArgumentParser
import Foundation
import Trace
import TraceFormats

extension ImportFormat: ExpressibleByArgument {}

/// Launch numbers as an option gives them. They may be no range; the command's `validate` then says why.
package struct LaunchNumbers: ExpressibleByArgument {
    let text: String
    package init?(argument: String) { text = argument }
}

/// `weir import`: makes a Weir trace from another tool's.
package struct ImportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Makes a .weir trace of another tool's trace.",
        discussion: """
            Formats: \(ImportFormat.all.map { "\($0.rawValue) (\($0.holds))" }.joined(separator: ", ")); auto tells which of them \
            the content fits. Inputs compressed with gzip or xz are read as they are.

              weir import accel-sim traces/kernelslist.g --output app.weir
              valgrind --tool=lackey --trace-mem=yes --log-fd=9 9>&1 >/dev/null ls | weir import lackey - --output ls.weir
            """)

    @Argument(help: "The input's format.")
    package var format: ImportFormat

    @Argument(help: ArgumentHelp("The input; '-' is standard input.", valueName: "in"))
    package var input: String

    @Option(
        help: ArgumentHelp("The trace, which appears once it is whole; '-' is standard output.", valueName: "file.weir")
    )
    package var output: String

    @Option(
        help: ArgumentHelp(
            "\(ImportOption.accessBytes.formats): bytes of an access that has no size of its own, a power of two. An access is the "
                + "aligned piece that holds its address. (default: \(Self.accessBytes))",
            valueName: "bytes"))
    package var accessBytes: Int?

    @Flag(help: "\(ImportOption.noFetches.formats): leaves instruction fetches out.")
    package var noFetches = false

    @Flag(
        name: .customLong("cloudsuite"),
        help: "\(ImportOption.cloudSuite.formats): records have the layout of its CloudSuite traces, 96 bytes each.")
    package var isCloudSuite = false

    @Option(
        help: ArgumentHelp(
            "\(ImportOption.kernels.formats): takes the launches of this kernel alone; * and ? stand for any text and any character; may be "
                + "repeated. Formats of CPUs: what the launch is called. (default: cpu)", valueName: "name"))
    package var kernel: [String] = []

    @Option(
        help: ArgumentHelp(
            "\(ImportOption.launch.formats): takes launches by number, from 1 on: 3, 3..10, 3.. or ..10; may be repeated.",
            valueName: "numbers"))
    package var launch: [LaunchNumbers] = []

    @Flag(
        help: "\(ImportOption.keepWhole.formats): leaves launches out that are damaged or cut, and imports the others.")
    package var keepWhole = false

    @Option(
        help: ArgumentHelp(
            "\(ImportOption.registers.formats): registers of a thread, 1 to 255, for launches whose recorded count cannot be.",
            valueName: "n"))
    package var registers: Int?

    @Flag(help: "Treats a doubt about the input, such as a last line that was cut, as an error.")
    package var strict = false

    @Option(help: "zlib level of the trace, 0 to 9.")
    package var compression = 1

    @OptionGroup package var quiet: QuietFlag

    package init() {}

    package func validate() throws {
        guard (0...9).contains(compression) else {
            throw ValidationError("--compression is \(compression) and must be 0 to 9")
        }
        guard output != "-" || isatty(STDOUT_FILENO) == 0 else {
            throw ValidationError(
                "a trace is no text for a terminal; give --output FILE.weir, or pipe it into 'weir replay -'")
        }
        for numbers in launch where LaunchRange(numbers.text) == nil {
            throw ValidationError("--launch cannot be '\(numbers.text)': \(LaunchRange.fault(in: numbers.text))")
        }
        guard !kernel.contains("") else { throw ValidationError("--kernel is empty; name a kernel, or leave it out") }
        if let registers, !(1...255).contains(registers) {
            throw ValidationError("--registers is \(registers) and must be 1 to 255")
        }
        if let accessBytes, !(1...4096).contains(accessBytes) || accessBytes.nonzeroBitCount != 1 {
            throw ValidationError("--access-bytes is \(accessBytes) and must be a power of two from 1 to 4096")
        }
        if format != .auto { try refuseOptions(of: format) }
    }

    /// Refuses options that `format` does not take.
    private func refuseOptions(of format: ImportFormat) throws {
        for option in ImportOption.allCases where isGiven(option) && !format.takes(option) {
            throw ValidationError(option.refusal(by: format))
        }
    }

    private func isGiven(_ option: ImportOption) -> Bool {
        switch option {
        case .accessBytes: accessBytes != nil
        case .noFetches: noFetches
        case .cloudSuite: isCloudSuite
        case .kernels: kernel.count > 1
        case .launch: !launch.isEmpty
        case .keepWhole: keepWhole
        case .registers: registers != nil
        }
    }

    /// The size in each format of accesses that have none, such as `4 for din`.
    private static let accessBytes = ImportFormat.all.compactMap { format in
        format.accessBytes.map { "\($0) for \(format.rawValue)" }
    }.joined(separator: ", ")

    package func run() throws {
        var options = ImportOptions()
        options.accessBytes = accessBytes
        options.keepsFetches = !noFetches
        options.kernel = kernel.first ?? options.kernel
        options.kernels = kernel
        options.launches = launch.compactMap { LaunchRange($0.text) }
        options.keepsWhole = keepWhole
        options.registers = registers
        options.isStrict = strict
        options.isCloudSuite = isCloudSuite
        var writing = TraceWriter.Options()
        writing.compressionLevel = compression
        let progress = ProgressReporter(quiet: quiet.isOn)
        let bytes = input == "-" ? ByteInput(descriptor: 0, name: "standard input") : try ByteInput(path: input)
        let format = try decidedFormat(of: bytes, &options)
        let outputs = OutputFiles(reading: [input])
        let file = try outputs.open(output, as: "--output")
        let hasFolder = output != "-" && !output.hasPrefix("/dev/")
        writing.temporaryDirectory = hasFolder ? directory(of: output) : NSTemporaryDirectory()
        options.temporaryDirectory = writing.temporaryDirectory
        var writer = try TraceWriter(output: file.output, options: writing)
        let summary: ImportSummary
        do {
            summary = try TraceImport.read(
                bytes, format: format, directory: directory(of: input), options: options, into: &writer
            ) { now in progress.reportNow { now.description } }
        } catch let error as TraceFormatError {
            throw ForeignFile.misdirected(bytes.path, from: format) ?? error
        }
        try writer.finish()
        try outputs.commit()
        progress.finish()
        // A warning is not progress. It is printed even if --quiet is given.
        for warning in summary.warnings { StandardError.write("warning: \(warning)") }
        if !quiet.isOn {
            let name = output == "-" ? "standard output" : output
            StandardError.write("\(name): \(writer.byteCount) bytes; \(summary.line)")
        }
    }

    /// The named format or, for `auto`, the one that fits the content. The command reports the latter.
    private func decidedFormat(of bytes: ByteInput, _ options: inout ImportOptions) throws -> ImportFormat {
        guard format == .auto else { return format }
        let found = try FormatRecognition(peekingAt: bytes).decided(file: bytes.name ?? "input", path: bytes.path)
        try refuseOptions(of: found.format)
        guard !isCloudSuite || found.isCloudSuite else {
            throw ValidationError("--cloudsuite: the records have ChampSim's standard layout; leave it out")
        }
        options.isCloudSuite = options.isCloudSuite || found.isCloudSuite
        if !quiet.isOn {
            let option = found.isCloudSuite ? " --cloudsuite" : ""
            StandardError.write(
                "\(bytes.name ?? "input"): this is \(found.name), read as 'weir import \(found.format.rawValue)\(option)'"
            )
        }
        return found.format
    }

    private func directory(of path: String) -> String {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return directory.isEmpty ? "." : directory
    }
}
