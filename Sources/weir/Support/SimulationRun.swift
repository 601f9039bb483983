import Experiments
import Machine
import Report
import Trace

/// Simulates a sequence and writes the result: what `run` and `replay` share.
enum SimulationRun {
    static func perform(
        _ sequence: some LaunchSequence, machine: MachineDescription, simulation: SimulationOptions, timeline: TimelineOptions,
        output: OutputOptions
    ) throws {
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        let file = try timeline.timeline.map { try AtomicFile(path: $0) }
        let writer = try file.map { try TimelineWriter(output: try $0.output(), machine: machine) }
        var result = try LaunchRunner.run(
            sequence, machine: machine, cacheMode: simulation.cache, threads: min(2, simulation.threads),
            samples: timeline.samples || writer != nil, observer: writer, progress: progress.report)
        try writer?.finish()
        try file?.commit()
        if !simulation.deterministic { result.cost = usage.cost }
        progress.finish()
        try ResultWriter.write(RunRenderers.renderer(for: output.format).render(result), to: output.output)
    }
}
