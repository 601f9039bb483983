import Machine
import Runs
import Simulator

/// The charts of a run.
package enum RunChart: String, ChartKind {
    case hitRates = "hit-rates"
    case roofline
    case lifetimes
    case time

    package func specification(of run: RunResult) -> ChartSpecification {
        switch self {
        case .hitRates: HitRateChart.specification(of: run)
        case .roofline: RooflineChart.specification(of: run)
        case .lifetimes: LifetimeChart.specification(of: run)
        case .time: TimeChart.specification(of: run)
        }
    }

    /// The names of a run's launches. A name is the kernel, with its number in front if there are several launches.
    static func names(of run: RunResult) -> [String] {
        let kernels = run.launches.map(\.launch.kernel)
        return kernels.count < 2 ? kernels : kernels.enumerated().map { "\($0 + 1) \($1)" }
    }

    /// The machine and the state of its caches.
    static func subtitle(of run: RunResult) -> String {
        run.machine.gpu.name
            + (run.cacheMode == .cold ? ", caches empty before each launch" : ", L2 kept from launch to launch")
    }
}
