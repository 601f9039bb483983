import Kernels
import Simulator

/// What totals take from a launch.
struct LaunchTotals: Sendable {
    let kernel: String
    let pipes: KernelPipes
    /// The clock that it ran at, in Hz.
    let clockHertz: Double
    let counters: Counters
    let nanoseconds: Double

    init(_ result: LaunchResult) {
        kernel = result.launch.kernel
        pipes = KernelPipes(of: result)
        clockHertz = result.clockHertz
        counters = result.counters
        nanoseconds = result.durationNanoseconds
    }
}
