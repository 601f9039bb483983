import Machine
import Models
import Simulator
import Workloads

/// The sums of a simulated training step. Its launches are not kept.
package struct StepRunResult: Sendable {
    package let machine: MachineDescription
    package let breakdown: StepBreakdown
    /// The 32-byte sectors that the warp requests of the simulated launches ask for.
    package let sectorRequests: UInt64

    /// Simulates a step.
    /// - Throws: as `LaunchRunner.run`.
    package init(
        of step: StepLaunches, machine: MachineDescription, cacheMode: CacheMode, threads: Int
    ) throws {
        var breakdown = StepBreakdown()
        var sectors: UInt64 = 0
        var order = 0
        try LaunchRunner.run(
            GeneratedLaunches(step.launches.map(\.source)), machine: machine, cacheMode: cacheMode, threads: threads
        ) { result in
            breakdown.add(step.launches[order], result)
            sectors += result.counters.l1Sectors
            order += 1
        }
        self.machine = machine
        self.breakdown = breakdown
        sectorRequests = sectors
    }
}
