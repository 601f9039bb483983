import ArgumentParser
import Report

extension OutputFormat: ExpressibleByArgument {}

/// Where results go and what they look like.
package struct OutputOptions: ParsableArguments {
    @Option(help: "What results look like: text, json or csv.")
    package var format = OutputFormat.text

    @Option(help: ArgumentHelp("Writes results to a file, which appears once it is whole.", valueName: "file"))
    package var output: String?

    @Flag(help: "Keeps progress off standard error.")
    package var quiet = false

    package init() {}
}
