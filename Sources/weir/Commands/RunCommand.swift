import ArgumentParser
import Report

/// `weir run`: generates kernels' launches and simulates them.
package struct RunCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Generates the launches of kernels or operators and simulates them.",
        discussion: """
            One row a kernel: blocks, waves, blocks per SM, L1 requests and sectors, hit rates, HBM traffic, time, bandwidth, \
            median block lifetime, launch overhead, and what bounded it; then where the time went and how long blocks lived. With backward launches, totals by pass and by \
            the pipes that kernels use. --format json and csv give every counter.

            A file FILE.ops.jsonl (docs/operators.md) instead of kernels is a list of operators. Operators without a \
            generator are estimated from their bytes; the names of these launches begin with 'estimate:'.
            """)

    @OptionGroup package var kernels: KernelOptions
    @OptionGroup package var machine: MachineOptions
    @OptionGroup package var simulation: SimulationOptions
    @OptionGroup package var timeline: TimelineOptions
    @OptionGroup package var chart: ChartOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        try kernels.requireKernels()
        _ = try chart.files(of: RunChart.self)
    }

    package func run() throws {
        let machine = try machine.anyMachine()
        let launches = try kernels.launches(multiprocessors: machine.multiprocessors)
        try SimulationRun.perform(
            launches, machine: machine, simulation: simulation, timeline: timeline, chart: chart, output: output,
            inputs: self.machine.files + [try kernels.operatorList()].compactMap(\.self))
    }
}
