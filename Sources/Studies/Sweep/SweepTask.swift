import Machine
import Models
import Runs
import Simulator
import Workloads

/// The run of one point of a sweep, ready to start.
package struct SweepTask {
    package let machine: AnyMachine
    package let cacheMode: CacheMode
    package let work: Work

    /// What runs: launches that each have a result, or a training step, of which only the sums count.
    package enum Work {
        case launches(any LaunchSequence)
        case step(StepLaunches)
    }

    package init(machine: AnyMachine, cacheMode: CacheMode, work: Work) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.work = work
    }

    /// Runs the launches as `weir run` does.
    /// - Parameter threads: the threads of the simulation, 1 or 2; the results do not depend on it.
    /// - Throws: as `LaunchRunner.run`; `MachineError.needsGPU` for a step on plain caches.
    package func run(threads: Int) throws -> SweepOutcome {
        switch (machine, work) {
        case (.gpu(let machine), .launches(let launches)):
            .gpu(try LaunchRunner.run(launches, machine: machine, cacheMode: cacheMode, threads: threads))
        case (.gpu(let machine), .step(let step)):
            .step(try StepRunResult(of: step, machine: machine, cacheMode: cacheMode, threads: threads))
        case (.plain(let machine), .launches(let launches)):
            .plain(try LaunchRunner.run(launches, machine: machine, cacheMode: cacheMode))
        case (.plain(let machine), .step):
            throw MachineError.needsGPU(machine: machine.settings.core.name, what: "a training step")
        }
    }
}

/// The outcome of a point.
package enum SweepOutcome: Sendable {
    case gpu(RunResult)
    case plain(PlainRunResult)
    case step(StepRunResult)
    /// The point failed. The text is the error in one line.
    case failed(String)

    package var isFailed: Bool {
        if case .failed = self { true } else { false }
    }
}

/// A point with its outcome: the contents of a line of results.
package struct SweepRecord: Sendable {
    package let key: String
    package let point: SweepPoint
    /// The machine's name or file as the command gives it.
    package let machine: String
    package let cacheMode: String
    package let outcome: SweepOutcome
    /// Elapsed time in seconds; nil if lines must compare byte for byte.
    package let wallSeconds: Double?

    package init(
        key: String, point: SweepPoint, machine: String, cacheMode: String, outcome: SweepOutcome, wallSeconds: Double?
    ) {
        self.key = key
        self.point = point
        self.machine = machine
        self.cacheMode = cacheMode
        self.outcome = outcome
        self.wallSeconds = wallSeconds
    }
}
