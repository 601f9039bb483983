import Kernels
import Machine
import Runs
import Simulator
import Trace
import Workloads

/// A kernel whose tilings are ranked.
struct TunedKernel: Sendable {
    let kernel: String
    /// The number of its first launch in the call.
    let position: Int
    /// The tilings in the autotuner's order, without repetitions. The default one is among them.
    var tilings: [Tiling]
    let defaultTiling: Tiling
}

/// The outcome of one tiling.
enum TilingOutcome: Sendable {
    case ran(LaunchResult)
    /// The kernel cannot run it, or the machine cannot hold a block of it.
    case doesNotFit(reason: String)
}

/// The launches among which kernels are tuned.
struct TunedCall: Sendable {
    let kernels: [String]
    let layer: ModelLayer
    let given: [LayerParameter]
    let withGlue: Bool

    /// The call's launches with one kernel's tiling replaced.
    func sources(kernel: String? = nil, tiling: Tiling? = nil) throws -> [any BlockProgramSource] {
        var tilings: [String] = []
        if let kernel, let tiling { tilings = ["\(kernel):\(tiling)"] }
        var launches = try Workload.launches(
            kernels: kernels, layer: layer, given: given, tilings: tilings, withGlue: withGlue)
        var sources: [any BlockProgramSource] = []
        while let source = launches.next() { sources.append(source) }
        return sources
    }

    /// Simulates one tiling on one thread.
    /// - Throws: `RunError.launchFailed`.
    func outcome(
        of subject: TunedKernel, tiling: Tiling, machine: MachineDescription, cacheMode: CacheMode
    ) throws -> TilingOutcome {
        let sources: [any BlockProgramSource]
        do {
            sources = try self.sources(kernel: subject.kernel, tiling: tiling)
        } catch let error as KernelError {
            return .doesNotFit(reason: error.description)
        }
        let launch = sources[subject.position].launch
        do {
            _ = try machine.sm.occupancy(
                threadsPerBlock: launch.threadsPerBlock, registersPerThread: launch.registersPerThread,
                sharedMemoryBytesPerBlock: launch.sharedMemoryBytesPerBlock)
        } catch {
            return .doesNotFit(reason: error.description)
        }
        let first = cacheMode == .cold ? subject.position : 0
        let run = try LaunchRunner.run(
            GeneratedLaunches(Array(sources[first...subject.position])), machine: machine, cacheMode: cacheMode)
        return .ran(run.launches[run.launches.count - 1])
    }
}
