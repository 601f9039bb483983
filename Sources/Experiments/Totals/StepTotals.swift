import Kernels
import Simulator

/// What the launches of a pass, or of all of a run, add up to.
package struct PassTotals: Sendable {
    package private(set) var launches = 0
    package private(set) var counters = Counters()
    package private(set) var nanoseconds = 0.0
    package private(set) var split = PipeSplit()
    /// One a kernel, in the order of first launches.
    package private(set) var kernels: [KernelTotals] = []

    init() {}

    mutating func add(_ result: LaunchResult) {
        launches += 1
        counters.add(result.counters)
        nanoseconds += result.durationNanoseconds
        split.add(result.durationNanoseconds, pipes: KernelPipes(of: result))
        let index = kernels.firstIndex { $0.includes(result) } ?? kernels.count
        if index == kernels.count { kernels.append(KernelTotals(result)) }
        kernels[index].add(result)
    }

    /// A kernel's share of this pass's time, 0...1.
    package func share(of kernel: KernelTotals) -> Double { nanoseconds > 0 ? kernel.nanoseconds / nanoseconds : 0 }
}

/// Totals of a run's launches, of both passes separately and together.
package struct StepTotals: Sendable {
    /// One a launch, as `TrainingStep.passes` has them.
    package let passes: [SSDPass]
    package private(set) var forward = PassTotals()
    package private(set) var backward = PassTotals()
    package private(set) var together = PassTotals()

    package init(of launches: [LaunchResult]) {
        passes = TrainingStep.passes(of: launches.map(\.launch.kernel))
        for (result, pass) in zip(launches, passes) {
            if pass == .forward { forward.add(result) } else { backward.add(result) }
            together.add(result)
        }
    }

    package subscript(pass: SSDPass) -> PassTotals { pass == .forward ? forward : backward }
}
