import Kernels

/// A training step as a sequence of launches.
package enum TrainingStep {
    /// The kernels that end a step: what they leave in the L2 is what the next step's first launches find.
    package static let tail = ["ch_scan_bwd_ddacs", "ch_cumsum_bwd"]

    /// The framework's own kernels between those of a layer: zero fills, sums of partial results, and what prepares
    /// them.
    package static let glue = Set(FrameworkGlue.kernels)

    /// The framework's launches before and after one of the backward pass.
    package static func frameworkLaunches(
        around launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> (before: [any KernelGenerator], after: [any KernelGenerator]) {
        (
            try FrameworkGlue.launches(before: launch, allocation: allocation),
            try FrameworkGlue.launches(after: launch, tiling: tiling, allocation: allocation)
        )
    }

    /// The pass of each launch, from the names alone, which is all that a trace has.
    ///
    /// Launches named `*_bwd*` are backward. Of the launches before one of them, those up to the last that no backward
    /// call repeats (any but `SSDKernels.ssdRecomputed` and glue) are forward; what follows it is the backward call's
    /// recomputation. Glue directly after a backward launch is backward. All other launches are forward, as are all
    /// without any backward launch.
    package static func passes(of kernels: [String]) -> [SSDPass] {
        var resolver = PassResolver()
        let runs = kernels.flatMap { resolver.add($0) } + resolver.finish()
        return runs.flatMap { Array(repeating: $0.pass, count: $0.count) }
    }

    static func isBackward(_ kernel: String) -> Bool { kernel.contains("_bwd") }

    static func isForwardOnly(_ kernel: String) -> Bool {
        !glue.contains(kernel) && !SSDKernels.ssdRecomputed.contains(kernel)
    }
}
