import Machine
import Simulator

/// What a run through plain caches gave: everything that a report shows.
package struct PlainRunResult: Sendable {
    package let machine: PlainMachine
    package let cacheMode: CacheMode
    /// One result a launch, in launch order.
    package let launches: [PlainLaunchResult]
    /// What the run itself cost; nil where reports must compare byte for byte.
    package var cost: RunCost?

    package init(machine: PlainMachine, cacheMode: CacheMode, launches: [PlainLaunchResult], cost: RunCost? = nil) {
        self.machine = machine
        self.cacheMode = cacheMode
        self.launches = launches
        self.cost = cost
    }

    /// All launches together.
    package var total: PlainCounters { launches.reduce(into: PlainCounters()) { $0.add($1.counters) } }
}
