import Machine
import Models
import Report
import Runs
import Simulator
import Trace
import Workloads

/// Simulates a sequence and writes the result. `run` and `replay` share it.
enum SimulationRun {
    /// - Parameters:
    ///   - step: the training step whose launches the sequence has, and how its report is divided; nil for kernels.
    ///   - inputs: the files that the command reads. No output may be one of them.
    /// - Throws: `MachineError.needsGPU` for options without a meaning for plain caches, and errors of outputs and the
    ///   run.
    static func perform(
        _ sequence: some LaunchSequence, step: (launches: StepLaunches, division: StepDivision)? = nil,
        machine: AnyMachine, simulation: SimulationOptions, timeline: TimelineOptions, chart: ChartOptions,
        tables: TableOptions, output: OutputOptions, inputs: [String]
    ) throws {
        let outputs = OutputFiles(reading: inputs)
        switch machine {
        case .gpu(let machine):
            try perform(
                sequence, step: step, machine: machine, simulation: simulation, timeline: timeline, chart: chart,
                tables: tables.tables, output: output, outputs: outputs)
        case .plain(let machine):
            let options =
                [
                    ("--timeline", timeline.timeline != nil), ("--samples", timeline.samples),
                    ("--chart", !chart.charts.isEmpty),
                ] + tables.given.filter { $0.table != .wide }.map { ($0.option, true) }
            for (option, isGiven) in options where isGiven {
                throw MachineError.needsGPU(machine: machine.settings.core.name, what: option)
            }
            try perform(
                sequence, machine: machine, simulation: simulation, tables: tables.tables, output: output,
                outputs: outputs)
        }
    }

    private static func perform(
        _ sequence: some LaunchSequence, machine: PlainMachine, simulation: SimulationOptions, tables: RunTables,
        output: OutputOptions, outputs: OutputFiles
    ) throws {
        let file = try output.open(in: outputs)
        _ = simulation.threads.used(limit: 1, quiet: output.quiet.isOn)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        let stream = ResultStream(
            file, path: output.output, format: output.format, wraps: !tables.contains(.wide))
        var writer = RunWriters.writer(
            for: output.format, machine: machine, cacheMode: simulation.cache.mode, tables: tables,
            write: stream.write)
        try LaunchRunner.run(sequence, machine: machine, cacheMode: simulation.cache.mode, progress: progress.report) {
            try writer.add($0)
        }
        progress.finish()
        try writer.finish(cost: simulation.deterministic.cost(usage))
        try stream.flush()
        try outputs.commit()
    }

    private static func perform(
        _ sequence: some LaunchSequence, step: (launches: StepLaunches, division: StepDivision)?,
        machine: MachineDescription, simulation: SimulationOptions, timeline: TimelineOptions,
        chart: ChartOptions, tables: RunTables, output: OutputOptions, outputs: OutputFiles
    ) throws {
        let file = try output.open(in: outputs)
        var charts = try SimulationCharts(chart, of: step?.launches, in: outputs)
        let course = try timeline.timeline.map {
            try SimulationTimeline(outputs.open($0, as: "--timeline"), of: step?.launches, machine: machine)
        }
        let threads = simulation.threads.used(quiet: output.quiet.isOn)
        let progress = ProgressReporter(quiet: output.quiet.isOn)
        let usage = ProcessUsage()
        let stream = ResultStream(
            file, path: output.output, format: output.format, wraps: !tables.contains(.wide))
        let cacheMode = step == nil ? simulation.cache.mode : simulation.cache.modeOfStep
        var report =
            if let step {
                StepWriters.writer(
                    for: output.format, step: step.launches, division: step.division, machine: machine,
                    cacheMode: cacheMode, tables: tables, write: stream.write)
            } else {
                RunWriters.writer(
                    for: output.format, machine: machine, cacheMode: cacheMode, tables: tables,
                    temporaryDirectory: stream.temporaryDirectory, write: stream.write)
            }
        try LaunchRunner.run(
            sequence, machine: machine, cacheMode: cacheMode, threads: threads,
            samples: timeline.samples || course != nil, observer: course?.observer, progress: progress.report
        ) { result in
            try report.add(result)
            try course?.add(result)
            charts.add(result)
        }
        try course?.finish()
        progress.finish()
        try charts.write(machine: machine, cacheMode: cacheMode)
        try report.finish(cost: simulation.deterministic.cost(usage))
        try stream.flush()
        try outputs.commit()
    }
}
