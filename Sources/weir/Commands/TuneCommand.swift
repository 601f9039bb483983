import ArgumentParser
import Foundation
import Report
import Simulator
import Studies
import Synchronization

/// `weir tune`: ranks the tilings of kernels by predicted time.
package struct TuneCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Ranks every tiling of a kernel by predicted time, without a GPU.",
        discussion: """
            Simulates each tiling that the kernel's autotuner tries, and with --tiling further ones: time, registers, shared \
            memory, blocks per SM and what limits them, traffic, and what bounds the time. Says how well measured tilings \
            were ranked, and which lie within the model's error of the fastest. Of groups and several kernels each is ranked.

              weir tune ch_scan_fwd --model mamba2-8b --sequence-length 4096
            """)

    @OptionGroup package var kernels: KernelOptions
    @OptionGroup package var machine: MachineOptions

    @Option(
        help:
            "What a launch finds in the L2: cold (nothing) or chained (what launches named before left, at default tilings)."
    )
    package var cache = CacheMode.cold

    @Option(help: "Simulations side by side; results do not depend on it.")
    package var jobs = ProcessInfo.processInfo.activeProcessorCount

    @OptionGroup package var deterministic: DeterministicFlag

    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        try kernels.requireKernels()
        if let step = try kernels.stepArgument() {
            throw ValidationError(
                "\(step): tilings are those of single kernels; name them, as in weir tune ch_scan_fwd --model mamba2-8b, or "
                    + "try the step on other machines with weir sweep \(step) --vary FIELD=VALUES --output FILE.jsonl")
        }
        guard (1...1024).contains(jobs) else { throw ValidationError("--jobs is \(jobs) and must be 1 to 1024") }
        _ = try chart.files(of: SearchChart.self)
    }

    package func run() throws {
        let description = try machine.description()
        let outputs = OutputFiles(reading: machine.files)
        let file = try output.open(in: outputs)
        let charts = try chart.open(SearchChart.self, in: outputs)
        let progress = Mutex(ProgressReporter(quiet: output.quiet.isOn))
        let usage = ProcessUsage()
        var search = try TilingSearch(
            kernels: kernels.kernels, layer: try kernels.request.layer(multiprocessors: description.gpu.smCount),
            given: kernels.request.given,
            additions: kernels.tiling, withGlue: kernels.withGlue, machine: description, cacheMode: cache, jobs: jobs
        ) { done, all in
            progress.withLock { $0.reportNow { "\(done) of \(all) tilings" } }
        }
        progress.withLock { $0.finish() }
        search.cost = deterministic.cost(usage)
        try charts.write(of: search)
        try output.write(search, to: file)
        try outputs.commit()
    }
}
