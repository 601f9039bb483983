import Experiments
import Machine
import Report
import Trace

/// Simulates a sequence and writes the result: what `run` and `replay` share.
enum SimulationRun {
    /// - Parameter inputs: files that the command reads, none of which may be an output.
    /// - Throws: `MachineError.needsGPU` for options that mean nothing to plain caches, and what outputs and the run throw.
    static func perform(
        _ sequence: some LaunchSequence, machine: AnyMachine, simulation: SimulationOptions, timeline: TimelineOptions,
        chart: ChartOptions, output: OutputOptions, inputs: [String]
    ) throws {
        let outputs = OutputFiles(reading: inputs)
        switch machine {
        case .gpu(let machine):
            try perform(
                sequence, machine: machine, simulation: simulation, timeline: timeline, chart: chart, output: output,
                outputs: outputs)
        case .plain(let machine):
            let options = [
                ("--timeline", timeline.timeline != nil), ("--samples", timeline.samples), ("--chart", !chart.charts.isEmpty),
            ]
            for (option, isGiven) in options where isGiven {
                throw MachineError.needsGPU(machine: machine.settings.core.name, what: option)
            }
            try perform(sequence, machine: machine, simulation: simulation, output: output, outputs: outputs)
        }
    }

    private static func perform(
        _ sequence: some LaunchSequence, machine: PlainMachine, simulation: SimulationOptions, output: OutputOptions,
        outputs: OutputFiles
    ) throws {
        let file = try output.open(in: outputs)
        _ = ThreadCount.used(simulation.threads, limit: 1, quiet: output.quiet)
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        var result = try LaunchRunner.run(
            sequence, machine: machine, cacheMode: simulation.cache, progress: progress.report)
        if !simulation.deterministic { result.cost = usage.cost }
        progress.finish()
        try output.write(RunRenderers.plainRenderer(for: output.format).render(result), to: file)
        try outputs.commit()
    }

    private static func perform(
        _ sequence: some LaunchSequence, machine: MachineDescription, simulation: SimulationOptions, timeline: TimelineOptions,
        chart: ChartOptions, output: OutputOptions, outputs: OutputFiles
    ) throws {
        let file = try output.open(in: outputs)
        let charts = try chart.open(RunChart.self, in: outputs)
        let timelineFile = try timeline.timeline.map { try outputs.open($0, as: "--timeline") }
        let threads = ThreadCount.used(simulation.threads, quiet: output.quiet)
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        let writer = try timelineFile.map { try TimelineWriter(output: $0.output, machine: machine) }
        var result = try LaunchRunner.run(
            sequence, machine: machine, cacheMode: simulation.cache, threads: threads,
            samples: timeline.samples || writer != nil, observer: writer, progress: progress.report)
        try writer?.finish()
        if !simulation.deterministic { result.cost = usage.cost }
        progress.finish()
        try charts.write(of: result)
        try output.write(RunRenderers.renderer(for: output.format).render(result), to: file)
        try outputs.commit()
    }
}
