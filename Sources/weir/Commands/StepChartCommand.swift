import ArgumentParser
import Report
import Studies

/// `weir step-chart`: draws training steps beside each other.
package struct StepChartCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "step-chart",
        abstract: "Draws training steps beside each other: breakdowns of their time, a roofline.",
        discussion: """
            Reads what weir run --format json wrote of models and lists of operators, and runs nothing. Where two steps have \
            one name, the names of their files stand behind it.

              weir run model:mamba2-8b --format json --output a.json
              weir run model:hybrid-8b --format json --output b.json
              weir step-chart a.json b.json --chart breakdown=breakdown.vl.json --chart roofline=roofline.vl.json
            """)

    @Argument(help: ArgumentHelp("Results of steps in JSON, in the order of the chart.", valueName: "file.json"))
    package var results: [String]

    @OptionGroup package var chart: ChartOptions

    package init() {}

    package func validate() throws {
        guard try !chart.files(of: StepChart.self).isEmpty else {
            throw ValidationError("nothing to draw; give --chart breakdown=FILE.vl.json or roofline=FILE.vl.json")
        }
    }

    package func run() throws {
        let outputs = OutputFiles(reading: results)
        let files = try chart.open(StepChart.self, in: outputs)
        try files.write(of: try StepResults.read(results))
        try outputs.commit()
    }
}
