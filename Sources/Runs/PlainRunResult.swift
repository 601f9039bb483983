import Machine
import Simulator

/// The results of a run through plain caches: everything that a report shows.
package struct PlainRunResult: Sendable {
    package let machine: PlainMachine
    package let cacheMode: CacheMode
    /// One result per launch, in launch order.
    package let launches: [PlainLaunchResult]
    /// The cost of the run itself; nil if reports must compare byte for byte.
    package var cost: RunCost?

    package init(machine: PlainMachine, cacheMode: CacheMode, launches: [PlainLaunchResult], cost: RunCost? = nil) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.launches = launches
        self.cost = cost
    }

    /// The counts of all launches together.
    package var total: PlainCounters { launches.reduce(into: PlainCounters()) { $0.add($1.counters) } }
}
