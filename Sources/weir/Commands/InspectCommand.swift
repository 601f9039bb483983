import ArgumentParser
import Experiments
import Foundation
import Report
import Trace

/// `weir inspect`: shows what a trace holds, and checks all of it on the way.
package struct InspectCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what a .weir trace holds: launches, grids, operations, requests, sectors, bytes per tensor.")

    @Argument(help: ArgumentHelp("The trace; '-' is standard input.", valueName: "file.weir"))
    package var trace: String

    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard output.format != .csv else { throw ValidationError("inspect has no csv; use --format text or json") }
    }

    package func run() throws {
        let progress = ProgressReporter(quiet: output.quiet)
        let input = trace == "-" ? ByteInput(descriptor: 0, name: "standard input") : try ByteInput(path: trace)
        let size = trace == "-" ? nil : (try? FileManager.default.attributesOfItem(atPath: trace))?[.size] as? UInt64
        let summary = try TraceSummary(reading: input, byteCount: size, progress: progress.report)
        progress.finish()
        let text = output.format == .json ? InspectJSON().render(summary) : InspectText().render(summary)
        try ResultWriter.write(text, to: output.output)
    }
}
