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
            \(jobs)

            'weir help columns' explains the headings of tables. Results go to standard output, progress and errors to standard error. Exit codes: 0 done, 1 a check failed or the \
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

    /// What Weir is for, with a command each.
    private static let jobs = """
        Size a machine: what L2 and bandwidth does a training step need?

          weir sweep ssd-training --vary l2.capacity=30MiB,60MiB,120MiB --output l2.jsonl

        Improve a kernel: what bounds it, and which tiling is faster?

          weir run ch_scan_fwd --wide --time
          weir tune ch_scan_fwd

        Reproduce the paper: the kernels of one Mamba-2 layer, forward and backward.

          weir run ssd-training --model mamba2-2.7b --totals
        """

    package init() {}

    /// Without a subcommand: the jobs.
    package func run() throws {
        try StandardOutput.write(
            "Weir simulates what a GPU's caches and memory do to a kernel, without a GPU.\n\n" + Self.jobs
                + "\n\nweir --help lists the commands, weir help COMMAND explains one.\n")
    }

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
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch HelpTopic.answer(to: arguments) {
            case .text(let text)?: return try StandardOutput.write(PeopleText(path: nil)(text))
            case .unknown(let line)?:
                StandardError.write("weir: \(line)")
                Foundation.exit(ExitStatus.badUsage)
            case nil: break
            }
            var command = try parseAsRoot()
            try command.run()
        } catch {
            ErrorReport.exit(error)
        }
    }
}
