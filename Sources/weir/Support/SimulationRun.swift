import Experiments
import Machine
import Report

/// Simulates a sequence and writes the result: what `run` and `replay` share.
enum SimulationRun {
    static func perform(
        _ sequence: some LaunchSequence, machine: MachineDescription, simulation: SimulationOptions, output: OutputOptions
    ) throws {
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        var result = try LaunchRunner.run(
            sequence, machine: machine, cacheMode: simulation.cache, threads: min(2, simulation.threads),
            progress: progress.report)
        if !simulation.deterministic { result.cost = usage.cost }
        progress.finish()
        try ResultWriter.write(RunRenderers.renderer(for: output.format).render(result), to: output.output)
    }
}
