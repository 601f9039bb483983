import ArgumentParser
import Report

/// `weir sweep-chart`: draws results of finished sweeps.
package struct SweepChartCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sweep-chart", abstract: "Draws results of sweeps: lines over one axis, heat maps over two.",
        discussion: """
            Reads what weir sweep --output wrote, of all shards that are given, and runs nothing. Points that failed, or have \
            not run yet, are left out, and so are damaged lines, which are named.

              weir sweep-chart l2.jsonl --metric cold_l2_hit_pct --chart lines=lines.vl.json
            """)

    @Argument(help: ArgumentHelp("Results of a sweep; several files count as one.", valueName: "file.jsonl"))
    package var results: [String]

    @OptionGroup package var charts: SweepChartOptions

    @Option(
        name: .customLong("kernel"),
        help: ArgumentHelp("Of columns that each launch has, only those of this kernel; repeatable.", valueName: "name")
    )
    package var kernels: [String] = []

    package init() {}

    package func validate() throws {
        guard !charts.chart.charts.isEmpty else {
            throw ValidationError("nothing to draw; give --chart lines=FILE.vl.json or heatmap=FILE.vl.json")
        }
    }

    package func run() throws {
        let outputs = OutputFiles(reading: results)
        let files = try charts.open(in: outputs)
        try charts.write(files, files: results, kernels: kernels)
        try outputs.commit()
    }
}
