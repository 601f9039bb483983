import Experiments
import Machine
import Report
import Simulator
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
        let stream = try ResultStream(path: output.output)
        var writer = RunRenderers.plainWriter(
            for: output.format, machine: machine, cacheMode: simulation.cache, write: stream.write)
        try LaunchRunner.run(sequence, machine: machine, cacheMode: simulation.cache, progress: progress.report) {
            try writer.add($0)
        }
        progress.finish()
        try writer.finish(cost: simulation.deterministic ? nil : usage.cost)
        try stream.commit()
    }

    private static func perform(
        _ sequence: some LaunchSequence, machine: MachineDescription, simulation: SimulationOptions, timeline: TimelineOptions,
        chart: ChartOptions, output: OutputOptions
    ) throws {
        let progress = ProgressReporter(quiet: output.quiet)
        let usage = ProcessUsage()
        let file = try timeline.timeline.map { try AtomicFile(path: $0) }
        let writer = try file.map { try TimelineWriter(output: try $0.output(), machine: machine) }
        let stream = try ResultStream(path: output.output)
        var report = RunRenderers.writer(
            for: output.format, machine: machine, cacheMode: simulation.cache, temporaryDirectory: stream.temporaryDirectory,
            write: stream.write)
        // Charts show all launches side by side; without one, none is kept.
        let hasCharts = !chart.charts.isEmpty
        var kept: [LaunchResult] = []
        try LaunchRunner.run(
            sequence, machine: machine, cacheMode: simulation.cache, threads: min(2, simulation.threads),
            samples: timeline.samples || writer != nil, observer: writer, progress: progress.report
        ) { result in
            try report.add(result)
            if hasCharts { kept.append(result) }
        }
        try writer?.finish()
        try file?.commit()
        progress.finish()
        try chart.write(RunChart.self, of: RunResult(machine: machine, cacheMode: simulation.cache, launches: kept))
        try report.finish(cost: simulation.deterministic ? nil : usage.cost)
        try stream.commit()
    }
}
