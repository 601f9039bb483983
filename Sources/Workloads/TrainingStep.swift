import Kernels

/// A training step as a sequence of launches.
package enum TrainingStep {
    /// The framework's own kernels between those of a layer: zero fills, sums of partial results, and their
    /// preparation.
    package static let glue = Set(FrameworkGlue.kernels)

    /// The framework's launches before and after a launch of the backward pass.
    package static func frameworkLaunches(
        around launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> (before: [any KernelGenerator], after: [any KernelGenerator]) {
        (
            try FrameworkGlue.launches(before: launch, allocation: allocation),
            try FrameworkGlue.launches(after: launch, tiling: tiling, allocation: allocation)
        )
    }

    /// The pass of each launch. It follows from the names alone, since a trace holds nothing else.
    ///
    /// Launches of `KernelNames.isBackward` are backward. Consider the launches before a backward launch. The last one
    /// among them that no backward call repeats (any but `SSDKernels.ssdRecomputed` and glue) is forward, and so are
    /// all before it. The launches after it are the backward call's recomputation. Glue directly after a backward
    /// launch is backward. All other launches are forward. Without any backward launch all are forward.
    package static func passes(of kernels: [String]) -> [SSDPass] {
        var resolver = PassResolver()
        let runs = kernels.flatMap { resolver.add($0) } + resolver.finish()
        return runs.flatMap { Array(repeating: $0.pass, count: $0.count) }
    }

    static func isForwardOnly(_ kernel: String) -> Bool {
        !glue.contains(kernel) && !SSDKernels.ssdRecomputed.contains(kernel)
    }
}
