import Machine
import Simulator

/// The results of a run of one or more launches: everything that a report shows.
package struct RunResult: Sendable {
    package let machine: MachineDescription
    package let cacheMode: CacheMode
    /// One result per launch, in launch order.
    package let launches: [LaunchResult]
    /// The cost of the run itself; nil if reports must compare byte for byte.
    package var cost: RunCost?

    package init(machine: MachineDescription, cacheMode: CacheMode, launches: [LaunchResult], cost: RunCost? = nil) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.launches = launches
        self.cost = cost
    }

    /// The 32-byte sectors that the warp requests of all launches ask for.
    package var sectorRequests: UInt64 { launches.reduce(0) { $0 + $1.counters.l1Sectors } }
}
