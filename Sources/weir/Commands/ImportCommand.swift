import ArgumentParser
import Foundation
import Trace
import TraceFormats

extension ImportFormat: ExpressibleByArgument {}

/// `weir import`: makes a Weir trace of another tool's.
package struct ImportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Makes a .weir trace of another tool's trace.",
        discussion: """
            Formats: accel-sim (kernelslist.g, or one .traceg), nvbit (the output of mem_trace), din (Dinero), lackey (valgrind \
            --tool=lackey --trace-mem=yes), ramulator (load/store traces). Inputs compressed with gzip or xz are read as they are.

              weir import accel-sim traces/kernelslist.g --output app.weir
              valgrind --tool=lackey --trace-mem=yes --log-fd=9 9>&1 >/dev/null ls | weir import lackey - --output ls.weir
            """)

    @Argument(help: "The input's format.")
    package var format: ImportFormat

    @Argument(help: ArgumentHelp("The input; '-' is standard input.", valueName: "in"))
    package var input: String

    @Option(help: ArgumentHelp("The trace, which appears once it is whole; '-' is standard output.", valueName: "file.weir"))
    package var output: String

    @Option(
        help: ArgumentHelp(
            "din and ramulator: bytes of an access whose line names none, a power of two. An access is the aligned piece that "
                + "holds its address. (default: 4 for din, 32 for ramulator)", valueName: "bytes"))
    package var accessBytes: Int?

    @Flag(help: "din and lackey: leaves instruction fetches out.")
    package var noFetches = false

    @Option(help: ArgumentHelp("din, lackey and ramulator: what the launch is called. (default: cpu)", valueName: "name"))
    package var kernel: String?

    @Flag(help: "Treats a doubt about the input, such as a last line that was cut, as an error.")
    package var strict = false

    @Option(help: "zlib level of the trace, 0 to 9.")
    package var compression = 1

    @Flag(help: "Keeps progress and the summary off standard error.")
    package var quiet = false

    package init() {}

    package func validate() throws {
        guard (0...9).contains(compression) else {
            throw ValidationError("--compression is \(compression) and must be 0 to 9")
        }
        guard output != "-" || isatty(STDOUT_FILENO) == 0 else {
            throw ValidationError("a trace is no text for a terminal; give --output FILE.weir, or pipe it into 'weir replay -'")
        }
        if let accessBytes {
            guard format == .din || format == .ramulator else {
                throw ValidationError("--access-bytes: the lines of \(format.rawValue) name their sizes; leave it out")
            }
            guard accessBytes >= 1, accessBytes <= 4096, accessBytes & (accessBytes - 1) == 0 else {
                throw ValidationError("--access-bytes is \(accessBytes) and must be a power of two from 1 to 4096")
            }
        }
        guard !noFetches || format == .din || format == .lackey else {
            throw ValidationError("--no-fetches: \(format.rawValue) has no instruction fetches; leave it out")
        }
        guard kernel == nil || [.din, .lackey, .ramulator].contains(format) else {
            throw ValidationError("--kernel: the kernels of \(format.rawValue) have names; leave it out")
        }
    }

    package func run() throws {
        var options = ImportOptions()
        options.accessBytes = accessBytes
        options.keepsFetches = !noFetches
        options.kernel = kernel ?? options.kernel
        options.isStrict = strict
        var writing = TraceWriter.Options()
        writing.compressionLevel = compression
        let progress = ProgressReporter(quiet: quiet)
        let bytes = input == "-" ? ByteInput(descriptor: 0, name: "standard input") : try ByteInput(path: input)
        let outputs = OutputFiles(reading: [input])
        let file = try outputs.open(output, as: "--output")
        let hasFolder = output != "-" && !output.hasPrefix("/dev/")
        writing.temporaryDirectory = hasFolder ? directory(of: output) : NSTemporaryDirectory()
        options.temporaryDirectory = writing.temporaryDirectory
        var writer = try TraceWriter(output: file.output, options: writing)
        let summary = try TraceImport.read(
            bytes, format: format, directory: directory(of: input), options: options, into: &writer
        ) { now in progress.reportNow { now.description } }
        try writer.finish()
        try outputs.commit()
        progress.finish()
        // A warning is no progress: it is printed even where --quiet is given.
        for warning in summary.warnings { StandardError.write("warning: \(warning)") }
        if !quiet {
            let name = output == "-" ? "standard output" : output
            StandardError.write("\(name): \(writer.byteCount) bytes; \(summary.line)")
        }
    }

    private func directory(of path: String) -> String {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return directory.isEmpty ? "." : directory
    }
}
