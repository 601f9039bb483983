import Machine
import Models
import Report
import Runs
import Simulator

/// The charts of a simulation: of a step's sums, or of all launches side by side.
struct SimulationCharts {
    private let run: ChartFiles<RunChart>
    private let step: (launches: StepLaunches, files: ChartFiles<StepChart>)?
    /// Launches are kept for charts that show each.
    private var kept: [LaunchResult] = []
    private var breakdown = StepBreakdown()
    private var order = 0

    /// Opens the charts' files.
    /// - Throws: as `ChartOptions.open`.
    init(_ options: ChartOptions, of step: StepLaunches?, in outputs: OutputFiles) throws {
        self.step = try step.map { ($0, try options.open(StepChart.self, in: outputs)) }
        run = step == nil ? try options.open(RunChart.self, in: outputs) : ChartFiles(files: [])
    }

    /// Takes the next launch's result.
    mutating func add(_ result: LaunchResult) {
        if let step {
            breakdown.add(step.launches.launches[order], result)
            order += 1
        } else if !run.files.isEmpty {
            kept.append(result)
        }
    }

    /// Writes the charts.
    /// - Throws: `TraceError.system` with the file.
    func write(machine: MachineDescription, cacheMode: CacheMode) throws {
        if let step {
            try step.files.write(of: [StepProfile(breakdown, name: step.launches.name, machine: machine)])
        } else {
            try run.write(of: RunResult(machine: machine, cacheMode: cacheMode, launches: kept))
        }
    }
}
