import Experiments
import Machine
import Report
import Trace

/// Simulates a sequence and writes the result: what `run` and `replay` share.
enum SimulationRun {
    /// - Throws: `MachineError.needsGPU` for options that mean nothing to plain caches, and what the run throws.
    static func perform(
        _ sequence: some LaunchSequence, machine: AnyMachine, simulation: SimulationOptions, timeline: TimelineOptions,
        chart: ChartOptions, output: OutputOptions
    ) throws {
        switch machine {
        case .gpu(let machine):
            try perform(sequence, machine: machine, simulation: simulation, timeline: timeline, chart: chart, output: output)
        case .plain(let machine):
            let options = [
                ("--timeline", timeline.timeline != nil), ("--samples", timeline.samples), ("--chart", !chart.charts.isEmpty),
            ]
            for (option, isGiven) in options where isGiven {
                throw MachineError.needsGPU(machine: machine.settings.core.name, what: option)
            }
            try perform(sequence, machine: machine, simulation: simulation, output: output)
        }
    }

    private static func perform(
        _ sequence: some LaunchSequence, machine: PlainMachine, simulation: SimulationOptions, output: OutputOptions
    ) throws {
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        var result = try LaunchRunner.run(
            sequence, machine: machine, cacheMode: simulation.cache, progress: progress.report)
        if !simulation.deterministic { result.cost = usage.cost }
        progress.finish()
        try ResultWriter.write(RunRenderers.plainRenderer(for: output.format).render(result), to: output.output)
    }

    private static func perform(
        _ sequence: some LaunchSequence, machine: MachineDescription, simulation: SimulationOptions, timeline: TimelineOptions,
        chart: ChartOptions, output: OutputOptions
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
        try chart.write(RunChart.self, of: result)
        try ResultWriter.write(RunRenderers.renderer(for: output.format).render(result), to: output.output)
    }
}
