import Kernels
import Simulator

/// The figures of a launch that totals use.
struct LaunchTotals: Sendable {
    let kernel: String
    let pipes: KernelPipes
    /// The launch's clock in Hz.
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
