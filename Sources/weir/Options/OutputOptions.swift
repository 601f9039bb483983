import ArgumentParser
import Report
import Trace

extension OutputFormat: ExpressibleByArgument {}

/// The options for the place and the format of results.
package struct OutputOptions: ParsableArguments {
    @Option(help: "What results look like: text, json or csv.")
    package var format = OutputFormat.text

    @Option(help: ArgumentHelp("Writes results to a file, which appears once it is whole.", valueName: "file"))
    package var output: String?

    @OptionGroup package var quiet: QuietFlag

    package init() {}

    /// Opens the output for results.
    /// - Throws: as `OutputFiles.open`.
    func open(in outputs: OutputFiles) throws -> OutputFile { try outputs.open(output, as: "--output") }

    /// Writes a result in the requested format.
    /// - Throws: `TraceError.system` with the file.
    func write(_ result: some Reportable, to file: OutputFile) throws { try write(result.report(as: format), to: file) }

    /// Writes a text of the requested format.
    /// - Parameter wraps: whether long lines of text format are broken (`PeopleText`).
    /// - Throws: `TraceError.system` with the file.
    func write(_ text: String, to file: OutputFile, wraps: Bool = true) throws {
        try file.write(format == .text ? PeopleText(path: output, wraps: wraps)(text) : text)
    }
}
