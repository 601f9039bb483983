import ArgumentParser
import Experiments
import Foundation
import Report

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

    /// Refuses a chart that would replace one of the files of results.
    func validate(results: [String]) throws {
        func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        let places = Set(results.map(place))
        if let file = try chart.files(of: SweepChart.self).first(where: { places.contains(place($0.path)) }) {
            throw ValidationError("--chart \(file.path): holds the sweep's results; give the chart a file of its own")
        }
    }

    /// Writes the charts.
    /// - Parameters:
    ///   - points: by key, the only points to draw, as they are set; nil: all of the files.
    ///   - kernels: only these launches; empty: all.
    /// - Throws: `SweepError`, and `TraceError.system` with the path.
    func write(files: [String], points: [String: SweepPoint]? = nil, kernels: [String] = []) throws {
        guard !chart.charts.isEmpty else { return }
        let results = try SweepResults(files: files, metric: metric, points: points)
        let table = try SweepTable(results, x: x, y: y, kernels: kernels)
        if try chart.files(of: SweepChart.self).contains(where: { $0.kind == .heatMap }), table.axes.count < 2 {
            throw SweepError.oneAxis(name: table.axes[0].name)
        }
        try chart.write(SweepChart.self, of: table)
    }
}
