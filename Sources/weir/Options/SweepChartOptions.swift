import ArgumentParser
import Report
import Studies

/// Charts of a sweep's results.
package struct SweepChartOptions: ParsableArguments {
    @OptionGroup package var chart: ChartOptions

    @Option(
        help: ArgumentHelp(
            "The column that charts show: one of points, such as total_l2_hit_pct, or one that each launch has, such as "
                + "cold_duration_ns.",
            valueName: "column"))
    package var metric = SweepTable.defaultMetric

    @Option(
        name: .customLong("x"),
        help: ArgumentHelp("What varies along charts. (default: of numbers what has most values)", valueName: "name"))
    package var x: String?

    @Option(
        name: .customLong("y"),
        help: ArgumentHelp(
            "What varies from line to line, or from row to row of a heat map. (default: as --x, among the rest)",
            valueName: "name"))
    package var y: String?

    package init() {}

    package func validate() throws {
        _ = try chart.files(of: SweepChart.self)
        if let x, x == y { throw ValidationError("--x \(x) and --y \(x): give two different names") }
    }

    /// Opens the charts' files.
    /// - Throws: as `OutputFiles.open`.
    func open(in outputs: OutputFiles) throws -> ChartFiles<SweepChart> { try chart.open(SweepChart.self, in: outputs) }

    /// Draws the charts into their open files.
    /// - Parameters:
    ///   - points: the only points to draw, by key, with their settings; nil for all points of the files.
    ///   - kernels: the only launches to draw; empty for all.
    ///   - saysNotes: whether to report on standard error which lines were left out.
    /// - Throws: `SweepError`, and `TraceError.system` with the path.
    func write(
        _ charts: ChartFiles<SweepChart>, files: [String], points: [String: SweepPoint]? = nil, kernels: [String] = [],
        saysNotes: Bool = true
    ) throws {
        guard !charts.files.isEmpty else { return }
        let results = try SweepResults(files: files, metric: metric, points: points)
        if saysNotes { for note in results.notes { StandardError.write("warning: \(note)") } }
        let table = try SweepTable(results, x: x, y: y, kernels: kernels)
        if charts.files.contains(where: { $0.kind == .heatMap }), table.axes.count < 2 {
            throw SweepError.oneAxis(name: table.axes[0].name)
        }
        try charts.write(of: table)
    }
}
