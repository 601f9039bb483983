import ArgumentParser
import Content
import Foundation
import Simulator
import Trace

/// The command: parses, calls, prints, and sets the exit code.
@main
package struct Weir: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Simulates what a GPU's memory hierarchy does to a kernel, from traces of its thread blocks.",
        discussion: """
            The main job, the forward pass of one Mamba-2 layer on an H200:

              weir run ssd-forward --model mamba2-8b --batch 1 --sequence-length 4096 --chunk-size 256 --machine h200

            Results go to standard output, progress and errors to standard error. Exit codes: 0 done, 1 a check failed or the \
            input is bad, 64 wrong usage.
            """,
        version: Version.current,
        subcommands: [
            RunCommand.self, TuneCommand.self, SweepCommand.self, SweepChartCommand.self, StepChartCommand.self,
            FuseCommand.self, GenerateCommand.self,
            InspectCommand.self, ReplayCommand.self, CurveCommand.self, CheckCommand.self, ValidateCommand.self,
            LifetimesCommand.self, ImportCommand.self, ExportCommand.self, MicrobenchmarksCommand.self,
            MachinesCommand.self,
            KernelsCommand.self,
        ])

    package init() {}

    /// Runs the command with the arguments of the process and exits.
    package static func main() {
        StandardStreams.fillGaps()
        // A write to a closed pipe then gives an error, instead of ending the process with a partial file.
        signal(SIGPIPE, SIG_IGN)
        // The same holds for a file that grows beyond the limit of the shell's `ulimit -f`.
        signal(SIGXFSZ, SIG_IGN)
        AtomicFile.removePartialFilesOnSignals()
        WorkerThread.onShortage {
            StandardError.write(
                "weir: the system lends no further thread; the work goes on with those there are, the results are the same"
            )
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            ErrorReport.exit(error)
        }
    }
}
