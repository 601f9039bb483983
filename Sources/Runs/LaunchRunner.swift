import Machine
import Simulator
import Trace
import Workloads

/// Runs a sequence of launches through one machine. `run` and `replay` differ only in the origin of the sequence.
package enum LaunchRunner {
    /// - Parameters:
    ///   - threads: 1 or 2; the results do not depend on it.
    ///   - samples: whether to keep bandwidth, hit rate and resident blocks over time.
    ///   - observer: gets every block that ends.
    ///   - watching: addresses whose traffic with memory is counted separately.
    ///   - progress: called often, from the calling thread.
    /// - Throws: `SimulatorError` for a machine that cannot run, `RunError.launchFailed` with the launch, or
    ///   errors of the sequence.
    package static func run(
        _ sequence: some LaunchSequence, machine: MachineDescription, cacheMode: CacheMode, threads: Int = 1,
        samples: Bool = false, observer: (any LaunchObserver)? = nil, watching: [Range<UInt64>] = [],
        progress: ((RunProgress) -> Void)? = nil
    ) throws -> RunResult {
        var results: [LaunchResult] = []
        try run(
            sequence, machine: machine, cacheMode: cacheMode, threads: threads, samples: samples, observer: observer,
            watching: watching, progress: progress
        ) { results.append($0) }
        return RunResult(machine: machine, cacheMode: cacheMode, launches: results)
    }

    /// Runs a sequence and hands each launch's result to `take` at its end. Earlier launches are not kept.
    /// - Throws: also errors of `take`.
    package static func run(
        _ sequence: some LaunchSequence, machine: MachineDescription, cacheMode: CacheMode, threads: Int = 1,
        samples: Bool = false, observer: (any LaunchObserver)? = nil, watching: [Range<UInt64>] = [],
        progress: ((RunProgress) -> Void)? = nil, take: (LaunchResult) throws -> Void
    ) throws {
        let simulation = try Simulation(machine: machine, cacheMode: cacheMode, threads: threads)
        try each(of: sequence, progress: progress) { source, progress in
            try take(
                simulation.run(source, samples: samples, observer: observer, watching: watching, progress: progress))
        }
    }

    /// Runs a sequence through plain caches, launch after launch.
    /// - Throws: `RunError.launchFailed` with the launch, or errors of the sequence.
    package static func run(
        _ sequence: some LaunchSequence, machine: PlainMachine, cacheMode: CacheMode,
        progress: ((RunProgress) -> Void)? = nil
    ) throws -> PlainRunResult {
        var results: [PlainLaunchResult] = []
        try run(sequence, machine: machine, cacheMode: cacheMode, progress: progress) { results.append($0) }
        return PlainRunResult(machine: machine, cacheMode: cacheMode, launches: results)
    }

    /// Runs a sequence through plain caches and hands each launch's result to `take` at its end.
    /// - Throws: also errors of `take`.
    package static func run(
        _ sequence: some LaunchSequence, machine: PlainMachine, cacheMode: CacheMode,
        progress: ((RunProgress) -> Void)? = nil, take: (PlainLaunchResult) throws -> Void
    ) throws {
        let simulation = PlainSimulation(machine: machine, cacheMode: cacheMode)
        try each(of: sequence, progress: progress) { source, progress in
            try take(simulation.run(source, progress: progress))
        }
    }

    /// Runs each launch of the sequence. Errors of a launch name it.
    private static func each(
        of sequence: some LaunchSequence, progress: ((RunProgress) -> Void)?,
        run: (any BlockProgramSource, _ progress: @escaping (Int) -> Void) throws -> Void
    ) throws {
        var sequence = sequence
        var order = 0
        while let source = try sequence.next() {
            let launch = source.launch
            let current = order
            let count = sequence.launchCount
            do {
                try run(source) { blocks in
                    progress?(
                        RunProgress(
                            order: current, launchCount: count, kernel: launch.kernel, blocksStarted: blocks,
                            blockCount: launch.grid.blockCount))
                }
                order += 1
            } catch let error as MachineError {
                throw RunError.launchFailed(
                    place: sequence.place, order: order, kernel: launch.kernel, reason: error.description)
            } catch let error as SimulatorError {
                throw RunError.launchFailed(
                    place: sequence.place, order: order, kernel: launch.kernel, reason: error.description)
            }
        }
    }
}
