import Machine
import Simulator

/// What a run of one or more launches gave: everything that a report shows.
package struct RunResult: Sendable {
    package let machine: MachineDescription
    package let cacheMode: CacheMode
    /// One result a launch, in launch order.
    package let launches: [LaunchResult]
    /// What the run itself cost; nil where reports must compare byte for byte.
    package var cost: RunCost?

    package init(machine: MachineDescription, cacheMode: CacheMode, launches: [LaunchResult], cost: RunCost? = nil) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.launches = launches
        self.cost = cost
    }

    /// The 32-byte sectors that the launches' warp requests ask for, over all launches.
    package var sectorRequests: UInt64 { launches.reduce(0) { $0 + $1.counters.l1Sectors } }
}
