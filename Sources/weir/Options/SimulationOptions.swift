import ArgumentParser
import Experiments
import Foundation
import Report
import Simulator

extension CacheMode: ExpressibleByArgument {}

/// How launches are simulated.
package struct SimulationOptions: ParsableArguments {
    @Option(help: "What a launch finds in the L2: cold (nothing) or chained (what earlier launches left).")
    package var cache = CacheMode.cold

    @Option(help: "Threads, 1 or 2; results do not depend on it.")
    package var threads = min(2, ProcessInfo.processInfo.activeProcessorCount)

    @Flag(help: "Leaves wall_seconds and peak_memory_bytes out, so that equal results are equal bytes.")
    package var deterministic = false

    package init() {}

    package func validate() throws {
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads is \(threads) and must be 1 to 64; more than 2 are not used")
        }
    }
}

/// Simulates a sequence and writes the result: what `run` and `replay` share.
enum SimulationRun {
    static func perform(
        _ sequence: some LaunchSequence, machine: MachineOptions, simulation: SimulationOptions, output: OutputOptions
    ) throws {
        let description = try machine.description()
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        var result = try LaunchRunner.run(
            sequence, machine: description, cacheMode: simulation.cache, threads: min(2, simulation.threads),
            progress: progress.report)
        if !simulation.deterministic { result.cost = usage.cost }
        progress.finish()
        try ResultWriter.write(RunRenderers.renderer(for: output.format).render(result), to: output.output)
    }
}
