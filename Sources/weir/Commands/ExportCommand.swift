import ArgumentParser
import Foundation
import Runs
import Trace
import TraceFormats

extension ExportFormat: ExpressibleByArgument {}

/// `weir export`: makes another tool's trace from Weir's.
package struct ExportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Makes another tool's trace of a .weir trace.",
        discussion: """
            Formats: accel-sim (a directory with kernelslist.g and a .traceg for each launch), din (Dinero, one line for each \
            sector that a request touches), ramulator (the same as LD and ST).

              weir export accel-sim app.weir --output traces
              weir generate ssd-forward --model mamba2-130m --output - | weir export din - --output - | xz > forward.din.xz
            """)

    @Argument(help: "The output's format.")
    package var format: ExportFormat

    @Argument(help: ArgumentHelp("The trace; '-' is standard input.", valueName: "file.weir"))
    package var trace: String

    @Option(
        help: ArgumentHelp(
            "The output, which appears once it is whole: a new or empty directory for accel-sim, else a file, or '-' for "
                + "standard output.", valueName: "out"))
    package var output: String

    @Option(
        help: ArgumentHelp(
            "din and ramulator: bytes that a line stands for, 32, 64 or 128. (default: 32)", valueName: "bytes"))
    package var granularity: Int?

    @Flag(help: "accel-sim: leaves compute steps out; they are most of such a trace.")
    package var noCompute = false

    @OptionGroup package var quiet: QuietFlag

    package init() {}

    package func validate() throws {
        if let granularity {
            guard format != .accelSim else {
                throw ValidationError("--granularity: accel-sim has the lanes' addresses; leave it out")
            }
            guard ExportOptions.granularities.contains(granularity) else {
                throw ValidationError("--granularity is \(granularity) and must be 32, 64 or 128")
            }
        }
        guard !noCompute || format == .accelSim else {
            throw ValidationError("--no-compute: \(format.rawValue) has no compute steps anyway; leave it out")
        }
        guard format != .accelSim || output != "-" else {
            throw ValidationError("accel-sim is a directory; give --output DIRECTORY")
        }
    }

    package func run() throws {
        var options = ExportOptions()
        options.granularity = granularity ?? options.granularity
        options.keepsCompute = !noCompute
        let progress = ProgressReporter(quiet: quiet.isOn)
        let report = { (number: Int, launch: KernelLaunch, block: Int) in
            progress.report(
                RunProgress(
                    order: number, launchCount: nil, kernel: launch.kernel, blocksStarted: block,
                    blockCount: launch.grid.blockCount))
        }
        let name = trace == "-" ? "standard input" : trace
        let input = trace == "-" ? ByteInput(descriptor: 0, name: name) : try ByteInput(path: trace)
        let reader = try TraceStreamReader(input)
        let summary: ExportSummary
        let outputs = OutputFiles(reading: [trace])
        if format == .accelSim {
            try outputs.claim(output, as: "--output")
            try outputs.checkNewDirectory(output, as: "--output")
            let directory = try AtomicDirectory(path: output)
            summary = try TraceExport.writeAccelSim(
                of: reader, named: name, options: options, to: directory, progress: report)
            try directory.commit()
        } else {
            let file = try outputs.open(output, as: "--output")
            summary = try TraceExport.writeAddresses(
                of: reader, as: format, options: options, to: file.output, progress: report)
            try outputs.commit()
        }
        progress.finish()
        if !quiet.isOn {
            let name = output == "-" ? "standard output" : output
            StandardError.write("\(name): \(summary.line)")
        }
    }
}
