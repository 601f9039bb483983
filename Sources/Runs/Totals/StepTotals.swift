import Kernels
import Simulator
import Workloads

/// The totals of the launches of a pass, or of all launches of a run.
package struct PassTotals: Sendable {
    package private(set) var launches = 0
    package private(set) var counters = Counters()
    package private(set) var nanoseconds = 0.0
    package private(set) var split = PipeSplit()
    /// One entry per kernel, in the order of first launches.
    package private(set) var kernels: [KernelTotals] = []
    /// For each kernel, the indices of its entries in `kernels`.
    private var places: [String: [Int]] = [:]

    init() {}

    mutating func add(_ launch: LaunchTotals) {
        launches += 1
        counters.add(launch.counters)
        nanoseconds += launch.nanoseconds
        split.add(launch.nanoseconds, pipes: launch.pipes)
        let index = places[launch.kernel]?.first { kernels[$0].includes(launch) } ?? kernels.count
        if index == kernels.count {
            kernels.append(KernelTotals(launch))
            places[launch.kernel, default: []].append(index)
        }
        kernels[index].add(launch)
    }

    /// A kernel's share of this pass's time, 0...1.
    package func share(of kernel: KernelTotals) -> Double { nanoseconds > 0 ? kernel.nanoseconds / nanoseconds : 0 }
}

/// Totals of a run's launches, of each pass and of both together.
package struct StepTotals: Sendable {
    /// The pass of each launch, as `TrainingStep.passes` gives it.
    package private(set) var passes: [SSDPass] = []
    package private(set) var forward = PassTotals()
    package private(set) var backward = PassTotals()
    package private(set) var together = PassTotals()
    private var resolver = PassResolver()
    /// Launches whose pass depends on the following launches.
    private var undecided: [LaunchTotals] = []

    /// Totals without launches. The caller must `add` each launch and then `finish`.
    package init() {}

    package init(of launches: [LaunchResult]) {
        for launch in launches { add(launch) }
        finish()
    }

    /// Adds the next launch.
    package mutating func add(_ result: LaunchResult) {
        let launch = LaunchTotals(result)
        together.add(launch)
        undecided.append(launch)
        decide(resolver.add(launch.kernel))
    }

    /// Decides the passes of the last launches. The caller must call it once, after the last launch.
    package mutating func finish() { decide(resolver.finish()) }

    private mutating func decide(_ runs: [PassResolver.Run]) {
        guard !runs.isEmpty else { return }
        for run in runs {
            passes += Array(repeating: run.pass, count: run.count)
            for launch in undecided.prefix(run.count) {
                if run.pass == .forward { forward.add(launch) } else { backward.add(launch) }
            }
            undecided.removeFirst(run.count)
        }
    }

    package subscript(pass: SSDPass) -> PassTotals { pass == .forward ? forward : backward }
}
