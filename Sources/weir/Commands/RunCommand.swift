import ArgumentParser
import Machine
import Models
import Report
import Workloads

/// `weir run`: generates kernels' launches and simulates them.
package struct RunCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Generates the launches of kernels or operators and simulates them.",
        discussion: """
            Without a kernel it runs ssd-forward, the forward pass of a Mamba-2 layer. One row a kernel: time, share of \
            peak HBM bandwidth, L2 hits, HBM traffic, L2 rate, blocks per SM, median block, and what bounded it ('weir \
            help columns'). Launches that repeat are one row. --format json and csv give every launch and every counter.

            Examples:

              weir run
              weir run ch_scan_fwd --model mamba2-8b --tiling ch_scan_fwd:M=128,N=64 --wide --time
              weir run model:mamba2-8b --machine h100-sxm --set l2.capacity=100MiB

            model:NAME instead of kernels is a training step of a model (docs/models.md): \(Self.models). A file FILE.ops.jsonl \
            (docs/operators.md) is a list of operators. Both print time, traffic and operations by kind of work, or by what \
            --by says. Operators without a generator are estimated from their bytes; the names of these launches begin with \
            'estimate:'.
            """)

    @OptionGroup package var kernels: KernelOptions
    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var simulation: SimulationOptions
    @OptionGroup package var timeline: TimelineOptions
    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var tables: TableOptions
    @OptionGroup package var output: OutputOptions

    @Option(help: "Divides the table of a model's step by category, layer or launch.")
    package var by: StepDivision?

    private static let models = ModelCatalogue.names.joined(separator: ", ")

    package init() {}

    package func validate() throws {
        try tables.check(output.format)
        guard try kernels.stepArgument() == nil else {
            _ = try chart.files(of: StepChart.self)
            return
        }
        _ = try chart.files(of: RunChart.self)
        if by != nil { throw ValidationError("--by is for models and lists of operators; leave it out") }
    }

    package func run() throws {
        let machine = try machine.anyMachine()
        let kernels = kernels.orMainJob
        let inputs = self.machine.files + [try kernels.operatorList()].compactMap(\.self)
        let request = try kernels.stepRequest()
        if case .plain(let plain) = machine, request != nil {
            throw MachineError.needsGPU(machine: plain.settings.core.name, what: "a training step")
        }
        let step = try request?.launches(multiprocessors: machine.multiprocessors)
        try SimulationRun.perform(
            step.map { GeneratedLaunches($0.launches.map(\.source)) }
                ?? kernels.launches(multiprocessors: machine.multiprocessors),
            step: step.map { ($0, by ?? .category) }, machine: machine, simulation: simulation, timeline: timeline,
            chart: chart, tables: tables, output: output, inputs: inputs)
    }
}

extension StepDivision: ExpressibleByArgument {}
