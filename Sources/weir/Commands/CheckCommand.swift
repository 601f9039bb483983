import ArgumentParser
import Content
import Report
import Validation

/// `weir check`: compares golden digests of real kernels with the generators.
package struct CheckCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compares golden digests of the real kernels' memory operations with the generators.",
        discussion: """
            Prints each difference, then a last line 'N launches, M differ'. Exits with 1 if any launch differs.

              weir check digests.csv.gz
            """)

    @Argument(help: ArgumentHelp("Digests, one launch each.", valueName: "file.csv.gz"))
    package var files: [String]

    @OptionGroup package var output: OutputOptions

    package init() {}

    package func run() throws {
        let outputs = OutputFiles(reading: files)
        let file = try output.open(in: outputs)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        var outcomes: [CheckOutcome] = []
        for (number, path) in files.enumerated() {
            progress.reportNow { "digest \(number + 1) of \(files.count): \(path)" }
            do {
                outcomes.append(.compared(try GoldenCheck.check(path: path)))
            } catch {
                outcomes.append(.failed(file: path, reason: error.description))
            }
        }
        progress.finish()
        try output.write(outcomes, to: file)
        try outputs.commit()
        if outcomes.contains(where: { !$0.agrees }) { throw ExitCode(ExitStatus.badInput) }
    }
}
