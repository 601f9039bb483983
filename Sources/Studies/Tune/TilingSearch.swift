import Kernels
import Machine
import Runs
import Simulator
import Trace
import Workloads

/// Every tiling of some kernels, simulated on one machine.
package struct TilingSearch: Sendable {
    package let machine: MachineDescription
    package let cacheMode: CacheMode
    /// One ranking per kernel, in launch order.
    package let rankings: [TilingRanking]
    /// The cost of the search itself; nil if reports must compare byte for byte.
    package var cost: RunCost?

    /// Simulates the autotuner's tilings of each kernel, the default one, and those of `additions`.
    ///
    /// A tiling's result is that of `kernels` run with it in one call. On cold caches it is the launch alone. On
    /// chained caches the launch comes after the launches before it, which have their default tilings. If a kernel has
    /// several launches, the first one is ranked.
    /// - Parameters:
    ///   - kernels, layer, given, withGlue: as `Workload.launches` takes them.
    ///   - additions: texts such as `ch_scan_fwd:M=64,N=64`. Each is a further tiling of a kernel.
    ///   - jobs: the number of simulations side by side; the results do not depend on it.
    ///   - progress: called from any thread with the number of simulations done and of all simulations.
    /// - Throws: errors of `Workload.launches` for default tilings. `TuningError` for kernels without tilings and
    ///   for additions to other kernels. `KernelError` for additions that cannot be read.
    package init(
        kernels: [String], layer: ModelLayer, given: [LayerParameter] = [], additions: [String] = [],
        withGlue: Bool = false,
        machine: MachineDescription, cacheMode: CacheMode, jobs: Int = 1,
        progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws {
        self.machine = machine
        self.cacheMode = cacheMode
        let call = TunedCall(kernels: kernels, layer: layer, given: given, withGlue: withGlue)
        let subjects = try Self.subjects(of: call, additions: additions)
        let accuracies = try subjects.map { try RankingAccuracy(kernel: $0.kernel) }
        let tasks = subjects.flatMap { subject in subject.tilings.map { (subject, $0) } }
        let outcomes = try ParallelTasks.map(count: tasks.count, jobs: jobs, progress: progress) { index in
            let (subject, tiling) = tasks[index]
            return try call.outcome(of: subject, tiling: tiling, machine: machine, cacheMode: cacheMode)
        }
        var rankings: [TilingRanking] = []
        var first = 0
        for (subject, accuracy) in zip(subjects, accuracies) {
            let own = Array(outcomes[first..<first + subject.tilings.count])
            first += subject.tilings.count
            rankings.append(TilingRanking(subject: subject, outcomes: own, accuracy: accuracy))
        }
        self.rankings = rankings
    }

    /// The kernels to rank. Each has its tilings in the autotuner's order.
    private static func subjects(of call: TunedCall, additions: [String]) throws -> [TunedKernel] {
        var subjects: [TunedKernel] = []
        for (position, source) in try call.sources().enumerated() {
            let kernel = source.launch.kernel
            guard let description = Registry.kernel(named: kernel), !subjects.contains(where: { $0.kernel == kernel })
            else {
                continue
            }
            guard let space = description.tilings, let chosen = space.defaultTiling(in: call.layer) else {
                throw TuningError.noTilings(kernel: kernel)
            }
            guard space.isTuned else { throw TuningError.notTuned(kernel: kernel) }
            var tilings = space.candidates
            if !tilings.contains(chosen) { tilings.append(chosen) }
            subjects.append(TunedKernel(kernel: kernel, position: position, tilings: tilings, defaultTiling: chosen))
        }
        for text in additions {
            let option = try TilingOption(text)
            guard let index = subjects.firstIndex(where: { $0.kernel == option.kernel }) else {
                throw WorkloadError.unusedTiling(text: text, kernels: subjects.map(\.kernel))
            }
            let tiling = try option.tiling(base: subjects[index].defaultTiling)
            if !subjects[index].tilings.contains(tiling) { subjects[index].tilings.append(tiling) }
        }
        return subjects
    }
}
