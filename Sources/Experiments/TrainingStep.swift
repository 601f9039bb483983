import Kernels
import Trace

/// A training step as a sequence of launches.
package enum TrainingStep {
    /// The kernels that end a step: what they leave in the L2 is what the next step's first launches find.
    package static let tail = ["ch_scan_bwd_ddacs", "ch_cumsum_bwd"]

    /// The framework's launches before and after one of the backward pass.
    package static func glue(
        around launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> (before: [any KernelGenerator], after: [any KernelGenerator]) {
        (
            try FrameworkGlue.launches(before: launch, allocation: allocation),
            try FrameworkGlue.launches(after: launch, tiling: tiling, allocation: allocation)
        )
    }

    /// A launch of the backward pass between those of the framework.
    package static func sources(
        of launch: SSDLaunch, tiling: Tiling? = nil, allocation: SSDAllocation
    ) throws(KernelError) -> [any KernelGenerator] {
        let around = try glue(around: launch, tiling: tiling, allocation: allocation)
        return around.before + [try Registry.makeSource(launch, tiling: tiling, allocation: allocation)] + around.after
    }
}
