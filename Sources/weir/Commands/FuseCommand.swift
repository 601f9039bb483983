import ArgumentParser
import Foundation
import Fusion
import Machine
import Report
import Runs
import Trace
import Workloads

/// `weir fuse`: predicts launches that are fused into one, reordered, or made persistent.
package struct FuseCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "fuse", abstract: "Compares launches with a variant of them: reordered, persistent or fused.",
        discussion: """
            From traces to traces: the variant is made of the blocks that the launches have, generated or read from .weir files. \
            Both sides run on an L2 that is empty at first and keeps its contents from launch to launch.

              weir fuse ch_scan_fwd --variant persistent --blocks-per-sm 4 --assignment rotated
              weir fuse ch_scan_fwd --variant reordered --order head-fastest
              weir fuse bmm_ch_fwd ch_scan_fwd --variant ordered
              weir fuse producer.weir consumer.weir --variant recompute
              weir fuse ssd-forward --variant ssd_fused
            """)

    @OptionGroup package var kernels: KernelOptions
    @OptionGroup package var fusion: FuseOptions
    @Option(
        help: ArgumentHelp(
            "A tiling of the variant where it differs from the baseline's; repeatable.",
            valueName: "KERNEL:M=64,N=64,K=32,warps=4,stages=4"))
    package var variantTiling: [String] = []
    @Option(
        help: ArgumentHelp(
            "Also writes the variant as a trace, which appears once it is whole.", valueName: "file.weir"))
    package var outputTrace: String?
    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var threads: ThreadsOption
    @OptionGroup package var deterministic: DeterministicFlag
    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        _ = try chart.files(of: FusionChart.self)
        guard !kernels.kernels.isEmpty else {
            throw ValidationError(
                "name one kernel or two, producer and consumer, or .weir traces of one or two launches")
        }
        guard traces.isEmpty || traces.count == kernels.kernels.count else {
            throw ValidationError("\(traces[0]) is a trace: give traces alone or kernels alone")
        }
        if !traces.isEmpty, let option = kernels.firstGiven {
            throw ValidationError("\(option): changes nothing in the trace \(traces[0]); leave it out")
        }
        if let outputTrace, let trace = traces.first(where: { place(of: $0) == place(of: outputTrace) }) {
            throw ValidationError(
                "--output-trace \(outputTrace): the launches are read from \(trace); give the variant a file of its own"
            )
        }
        if let option = variantTiling.first, !traces.isEmpty {
            throw ValidationError("--variant-tiling \(option): a trace has one tiling; leave it out")
        }
        if fusion.variant == .fused, kernels.kernels != ["ssd-forward"] || outputTrace != nil {
            throw ValidationError(
                "--variant ssd_fused: compares ssd-forward, without --output-trace; "
                    + "'weir generate ssd_fused' writes the fused launch")
        }
    }

    package func run() throws {
        let machine = try machine.description()
        let outputs = OutputFiles(reading: traces + self.machine.files)
        let file = try output.open(in: outputs)
        let charts = try chart.open(FusionChart.self, in: outputs)
        let trace = try outputTrace.map { try outputs.open($0, as: "--output-trace") }
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        var comparison = try compare(machine: machine, trace: trace, progress: progress)
        comparison.cost = deterministic.cost(usage)
        progress.finish()
        try charts.write(of: comparison)
        try output.write(comparison, to: file)
        try outputs.commit()
    }

    private func compare(
        machine: MachineDescription, trace: OutputFile?, progress: ProgressReporter
    ) throws -> FusionComparison {
        let threads = threads.used(quiet: output.quiet.isOn)
        let variant = try fusion.fusionVariant
        let baseline = try sources(kernels, machine: machine)
        var options = kernels
        let replaced = try variantTiling.map { try TilingOption($0).kernel }
        options.tiling =
            variantTiling
            + kernels.tiling.filter { text in
                !replaced.contains { $0 == (try? TilingOption(text))?.kernel }
            }
        guard let variant else {
            options.kernels = [KernelGroup.fusedForward.name]
            options.tiling = variantTiling
            return try FusionComparison(
                baseline: try FusionLaunches(inOrder: baseline),
                variant: try FusionLaunches(inOrder: try sources(options, machine: machine)),
                variantName: fusion.variant.rawValue,
                assumptions: [
                    "The variant's launches are \(KernelGroup.fusedForward.name), the framework's fills and copy included"
                ],
                machine: machine, threads: threads, progress: progress.report)
        }
        let parts = variantTiling.isEmpty ? baseline : try sources(options, machine: machine)
        let made = try variant.made(of: parts, resources: fusion.resources, machine: machine, progress: progress.report)
        if let trace { try write(made.launch, to: trace, progress: progress) }
        return try FusionComparison(
            baseline: baseline, variant: made, machine: machine, threads: threads, progress: progress.report)
    }

    /// The names that are traces: by their ending, or because such a file exists and no such kernel does.
    private var traces: [String] {
        kernels.kernels.filter { name in
            name.hasSuffix(".weir") || !Workload.names.contains(name) && FileManager.default.fileExists(atPath: name)
        }
    }

    private func place(of path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    /// The launches that the options name. Their blocks can be read in any order.
    private func sources(_ options: KernelOptions, machine: MachineDescription) throws -> [any BlockProgramSource] {
        var sources: [any BlockProgramSource] = []
        for path in traces {
            let reader = try TraceFileReader(path: path)
            for launch in reader.launches.indices { sources.append(try SpreadLaunch(reader, launch: launch)) }
        }
        guard sources.isEmpty else { return sources }
        var launches = try options.launches(multiprocessors: machine.gpu.smCount)
        while let source = launches.next() { sources.append(source) }
        return sources
    }

    private func write(_ fused: FusedLaunch, to file: OutputFile, progress: ProgressReporter) throws {
        try TraceGeneration.write(
            GeneratedLaunches([try JoinedParts(fused)]), to: file.output, progress: progress.report)
    }
}
