import ArgumentParser
import Report
import Workloads

/// `weir replay`: simulates the launches of traces.
package struct ReplayCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Simulates the launches of .weir traces, one after another.",
        discussion: """
            The tables are those of weir run. With '-' the trace is read from standard input.

              weir replay forward.weir --machine h100-sxm
              weir generate ssd-forward --output - | weir replay -
            """)

    @Argument(
        help: ArgumentHelp("Traces in the order in which they run; '-' is standard input.", valueName: "file.weir"))
    package var traces: [String]

    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var simulation: SimulationOptions
    @OptionGroup package var timeline: TimelineOptions
    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var tables: TableOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        try tables.check(output.format)
        _ = try chart.files(of: RunChart.self)
        guard traces.filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("standard input ('-') can be replayed only once")
        }
    }

    package func run() throws {
        try SimulationRun.perform(
            try TraceLaunches(paths: traces), machine: try machine.anyMachine(), simulation: simulation,
            timeline: timeline,
            chart: chart, tables: tables, output: output, inputs: traces + machine.files)
    }
}
