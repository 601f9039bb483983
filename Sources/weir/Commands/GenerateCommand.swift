import ArgumentParser
import Foundation
import Runs
import Trace

/// `weir generate`: writes kernels' launches as a trace.
package struct GenerateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Writes the launches of kernels or operators as a .weir trace.",
        discussion: """
            The trace holds what the simulation needs of each thread block. weir replay simulates it, weir inspect shows it.

              weir generate ssd-forward --model mamba2-130m --output forward.weir
            """)

    @OptionGroup package var kernels: KernelOptions

    @Option(
        help: ArgumentHelp("SMs that the launcher sees; they decide how some kernels split heads.", valueName: "count"))
    package var smCount = 132

    @Option(
        help: ArgumentHelp("The trace, which appears once it is whole; '-' is standard output.", valueName: "file.weir")
    )
    package var output: String

    @Option(help: "zlib level of the trace, 0 to 9.")
    package var compression = 1

    @OptionGroup package var quiet: QuietFlag

    package init() {}

    package func validate() throws {
        try kernels.requireKernels()
        guard (0...9).contains(compression) else {
            throw ValidationError("--compression is \(compression) and must be 0 to 9")
        }
        guard output != "-" || isatty(STDOUT_FILENO) == 0 else {
            throw ValidationError(
                "a trace is no text for a terminal; give --output FILE.weir, or pipe it into 'weir replay -'")
        }
    }

    package func run() throws {
        let launches = try kernels.launches(multiprocessors: smCount)
        var options = TraceWriter.Options()
        options.compressionLevel = compression
        let progress = ProgressReporter(quiet: quiet.isOn)
        let outputs = OutputFiles(reading: [try kernels.operatorList()].compactMap(\.self))
        let file = try outputs.open(output, as: "--output")
        let (count, bytes) = try TraceGeneration.write(
            launches, to: file.output, options: options, progress: progress.report)
        try outputs.commit()
        progress.finish()
        if !quiet.isOn, output != "-" { StandardError.write("\(output): \(count) launches, \(bytes) bytes") }
    }
}
