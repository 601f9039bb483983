import ArgumentParser
import Content
import Foundation
import Report
import Validation

/// `weir lifetimes`: compares predicted with measured time lines of thread blocks.
package struct LifetimesCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "lifetimes",
        abstract: "Compares when and how long thread blocks ran on hardware with the prediction.",
        discussion: """
            A time line is a file SHAPE.ORDER.KERNEL.csv.gz: a first line '# shape=NAME kernel=NAME grid=[X, Y, Z]', then the columns \
            block,sm,start_ns,end_ns,lifetime_cycles. Sizes, tiling, registers and shared memory come from the reference's row of \
            this shape and order. Without such a row the shape's name must be a model's, such as m2.7b_s2048_c256, and the kernel \
            has its default tiling. Launches on cold caches.

              weir lifetimes docs/validation/h200_timelines/*.csv.gz
            """)

    /// The default reference, relative to the current directory.
    package static let defaultReference = "docs/validation/h200_ssd.csv"

    @Argument(help: ArgumentHelp("Measured time lines, one launch each.", valueName: "file.csv.gz"))
    package var files: [String]

    @Option(
        help: ArgumentHelp(
            "The measured table with the launches' sizes, tilings and resources (default: \(Self.defaultReference), if it is there).",
            valueName: "file.csv"))
    package var reference: String?

    @OptionGroup package var threads: ThreadsOption

    @OptionGroup package var deterministic: DeterministicFlag

    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        _ = try chart.files(of: ComparisonChart.self)
    }

    package func run() throws {
        let outputs = OutputFiles(reading: files + [reference ?? Self.defaultReference] + machine.files)
        let file = try output.open(in: outputs)
        let charts = try chart.open(ComparisonChart.self, in: outputs)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        var comparison = try LifetimeComparison(
            paths: files, table: try table(), machine: try machine.description(),
            threads: threads.used(quiet: output.quiet.isOn)
        ) { number in
            progress.reportNow { "time line \(number + 1) of \(files.count): \(files[number])" }
        }
        comparison.cost = deterministic.cost(usage)
        progress.finish()
        try charts.write(of: comparison)
        try output.write(comparison, to: file)
        try outputs.commit()
    }

    private func table() throws -> ReferenceTable? {
        if let reference { return try ReferenceTable(path: reference) }
        guard FileManager.default.fileExists(atPath: Self.defaultReference) else { return nil }
        return try ReferenceTable(path: Self.defaultReference)
    }
}
