import Machine
import Runs
import Simulator
import Workloads

/// The run of one point of a sweep, ready to start.
package struct SweepTask {
    package let machine: AnyMachine
    package let cacheMode: CacheMode
    package let launches: any LaunchSequence

    package init(machine: AnyMachine, cacheMode: CacheMode, launches: any LaunchSequence) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.launches = launches
    }

    /// Runs the launches as `weir run` does.
    /// - Parameter threads: the threads of the simulation, 1 or 2; the results do not depend on it.
    /// - Throws: as `LaunchRunner.run`.
    package func run(threads: Int) throws -> SweepOutcome {
        switch machine {
        case .gpu(let machine):
            .gpu(try LaunchRunner.run(launches, machine: machine, cacheMode: cacheMode, threads: threads))
        case .plain(let machine): .plain(try LaunchRunner.run(launches, machine: machine, cacheMode: cacheMode))
        }
    }
}

/// The outcome of a point.
package enum SweepOutcome: Sendable {
    case gpu(RunResult)
    case plain(PlainRunResult)
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
