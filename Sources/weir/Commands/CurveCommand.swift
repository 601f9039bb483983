import Analysis
import ArgumentParser
import Report
import Workloads

/// `weir curve`: miss ratios at all capacities in one pass.
package struct CurveCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "curve",
        abstract: "Draws the exact miss-ratio curve of LRU caches over all capacities in one pass.",
        discussion: """
            Of kernels, or of traces with --trace. A curve follows from the order of accesses alone: there is no time, and none \
            of the machine's partitions, coalescers and limits. By default the cache has as many sets as the machine's and 1 \
            to 64 ways; --fully-associative gives every capacity.

              weir curve ch_scan_fwd --model mamba2-8b --fully-associative --format csv --output curve.csv
            """)

    @OptionGroup package var kernels: KernelOptions
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Traces instead of kernels; '-' is standard input.", valueName: "file.weir"))
    package var trace: [String] = []
    @OptionGroup package var curve: CurveOptions
    @OptionGroup package var deterministic: DeterministicFlag
    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        if !trace.isEmpty, !kernels.kernels.isEmpty {
            throw ValidationError("--trace \(trace[0]) and kernel \(kernels.kernels[0]): give one or the other")
        }
        if trace.isEmpty { try kernels.requireKernels() }
        guard trace.filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("standard input ('-') can be read only once")
        }
        _ = try chart.files(of: CurveChart.self)
        if curve.every, output.format == .text { throw ValidationError("--every needs --format json or csv") }
    }

    package func run() throws {
        let machine = try machine.description()
        let settings = try curve.settings(machine)
        let outputs = OutputFiles(reading: trace + self.machine.files)
        let file = try output.open(in: outputs)
        let charts = try chart.open(CurveChart.self, in: outputs)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        var result: CurveResult
        if trace.isEmpty {
            let launches = try kernels.launches(multiprocessors: machine.gpu.smCount)
            result = try CurveRunner.run(launches, machine: machine, settings: settings, progress: progress.report)
        } else {
            let launches = try TraceLaunches(paths: trace)
            result = try CurveRunner.run(launches, machine: machine, settings: settings, progress: progress.report)
        }
        result.cost = deterministic.cost(usage)
        progress.finish()
        try charts.write(of: result)
        try output.write(result, to: file)
        try outputs.commit()
    }
}
